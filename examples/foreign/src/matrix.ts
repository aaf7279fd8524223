import type { Language } from './programs.ts'
import type { Reading, Share, State } from './reading.ts'
import type { ProgramRun } from './run-program.ts'

/** A line of the matrix: what was read of a program, or why it did not run. */
export type Line = { readonly name: string; readonly language: Language } & (
  | { readonly about: ProgramRun['about']; readonly reading: Reading }
  | { readonly missing: string }
)

const languages: Readonly<Record<Language, string>> = { npm: 'JavaScript', python: 'Python' }

const heads = [
  ...['program', 'language', 'framework', 'instrumentation', 'model calls', 'tool calls', 'edges'],
  ...['prompts', 'tools', 'session', 'user', 'tokens', 'cached', 'reasoning'],
]

/** The matrix as a table of Markdown, with the names of prompts and what did not run below. */
export function matrixOf(lines: readonly Line[]): string {
  const ran = lines.filter((line) => 'reading' in line)
  const rows = ran.map(({ name, language, about, reading }) =>
    [
      `\`${name}\``,
      languages[language],
      `${about.framework} ${about.version}`,
      about.instrumentation === '' ? 'its own' : about.instrumentation,
      shareText(reading.modelCalls),
      shareText(reading.toolCalls),
      shareText(reading.edges),
      shareText(reading.prompts),
      shareText(reading.tools),
      ...[reading.session, reading.user].map(stateText),
      shareText(reading.tokens),
      ...[reading.cached, reading.reasoning].map(stateText),
    ].map(cell),
  )
  const left = lines.filter((line) => 'missing' in line)
  return [
    row(heads),
    row(heads.map(() => '---')),
    ...rows.map(row),
    '',
    'Names of the prompts:',
    '',
    ...ran.map(
      (line) =>
        `- ${titleOf(line)}: ${line.reading.promptNames.map((of) => `\`${cell(of)}\``).join(', ') || 'none'}`,
    ),
    ...(left.length > 0
      ? ['', 'Not run:', '', ...left.map((line) => `- ${titleOf(line)}: ${cell(line.missing)}`)]
      : []),
    '',
  ].join('\n')
}

/** Programs of two languages may have one name. */
function titleOf({ name, language }: Line): string {
  return `\`${name}\` (${languages[language]})`
}

function shareText({ found, of, sent }: Share): string {
  if (of === 0) return 'none'
  return found === of ? `${found}` : `${found} of ${of}, ${sent ? '**not read**' : 'not sent'}`
}

function stateText(state: State): string {
  return state === 'not read' ? '**not read**' : state === 'read' ? 'yes' : state
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

/** What programs and errors say is one line of text, and no markup. */
function cell(text: string): string {
  return (
    text
      .split('\n')[0]
      ?.replaceAll(/[|<>{}]/g, ' ')
      .slice(0, 200) ?? ''
  )
}

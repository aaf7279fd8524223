import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { displayWidth } from '@trace2/render'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createProgram } from './program.ts'
import { run } from './run.ts'
import { recordedTerminal } from './testing/recorded-terminal.ts'
import { silentTerminal } from './testing/silent-terminal.ts'

/** Lines that a terminal of so many columns would break wherever they happen to reach its edge. */
function tooLong(text: string, columns: number): string[] {
  return text.split('\n').filter((line) => displayWidth(line) > columns)
}

/**
 * Words that are not among those of the same output on a terminal without edges. Others are cut with a sign of it, or
 * are part of a word that no line has room for.
 */
function broken(text: string, whole: string, columns: number): string[] {
  const words = new Set(whole.split(/\s+/))
  const long = [...words].filter((word) => displayWidth(word) > columns - 12)
  return text.split(/\s+/).filter((word) => {
    const isCut = word === '\\' || /…[")]*$/.test(word)
    // A database grows between two looks at its size.
    const isSize = /^\(\d+(?:\.\d+)?$/.test(word)
    return !words.has(word) && !isCut && !isSize && !long.some((one) => one.includes(word))
  })
}

const program = await createProgram(silentTerminal)
const names = program.commands.map((command) => command.name())
/** A command to type without the words that call it here. */
const uncalled = new RegExp(`(?<!npx )\\btrace2 (?:${names.join('|')}|--)`)

function untypable(text: string): string | undefined {
  return uncalled.exec(text.replaceAll(/\s+/g, ' '))?.[0]
}

const npx = { npm_command: 'exec', npm_config_user_agent: 'npm/11.0.0 node/v24' }

/** What a command shows, hints included, as newcomers call it. */
async function shown(args: readonly string[], columns: number): Promise<string> {
  const { terminal, text } = recordedTerminal(columns, npx)
  await run(args, terminal)
  return text()
}

const home = process.cwd()
let directory = ''
let demo = ''

/** The database of a demo, in the working directory. */
beforeAll(async () => {
  for (const name of ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'TRACE2_DB']) vi.stubEnv(name, undefined)
  directory = mkdtempSync(join(tmpdir(), 'trace2-cli-'))
  process.chdir(directory)
  demo = await shown(['demo', '--rounds', '1'], 80)
  process.chdir('trace2-demo/1')
})
afterAll(() => {
  process.chdir(home)
  rmSync(directory, { recursive: true, force: true })
})

test('help has no line that is wider than the terminal', async () => {
  for (const columns of [60, 80]) {
    for (const command of ['trace2', 'npx trace2']) {
      const lines: string[] = []
      const print = (text: string) => {
        lines.push(text)
      }
      const program = await createProgram({ ...silentTerminal, columns, command, print })
      for (const one of [program, ...program.commands.filter((one) => one.name() !== 'help')]) {
        one.outputHelp()
      }
      // What is quoted for a shell is one word, and stays whole.
      const wide = tooLong(lines.join('\n'), columns)
      expect(wide.filter((line) => !/^ +(".*"|'.*')( \\)?$/.test(line))).toEqual([])
      if (command !== 'trace2') expect(untypable(lines.join('\n'))).toBeUndefined()
    }
  }
})

const commands: readonly (readonly string[])[] = [
  ['status'],
  ['runs'],
  ['runs', '--limit', '3'],
  ['runs', '--no-feedback'],
  ['runs', '--where', 'nothing = 1'],
  ['graph', 'last'],
  ['graph', 'last', '--backward'],
  ['graph', 'last', '--full'],
  ['graph', 'ffffffff'],
  ['parameters'],
  ['parameters', 'triage.classify'],
  ['parameters', 'triage.classify', '--history'],
  ['parameters', 'triage.refund_limit', '--history'],
  ['parameters', 'triage.unknown'],
  ['compare', 'triage.classify'],
  ['compare', 'triage.unknown'],
  ['feedback', 'last'],
  ['feedback', '--names'],
  ['feedback', '--agreement'],
  ['feedback', 'last', '--node', 'nothing', '--score', '1'],
  ['datasets'],
  ['evaluate'],
  ['verdict'],
  ['report', 'p-unknown'],
  ['proposals'],
  ['proposals', '--status', 'open'],
  ['show', 'last'],
  ['show', 'last', '--prompt'],
  ['show', 'p-unknown'],
  ['show'],
  ['optimize', '--dry-run', '--model', 'gpt-5-mini'],
  ['optimize', '--where', 'false', '--model', 'gpt-5-mini'],
  ['accept'],
  ['accept', '--all'],
  ['reject', 'p-unknown'],
  ['rollback', 'triage.unknown'],
  ['judge', '--contains', 'refund', '--target', 'nothing'],
  ['import', 'trace2.parameters.json'],
  ['sql', 'SELECT name, avg(score) AS mean FROM v_feedback GROUP BY name ORDER BY name'],
  ['sql', 'SELECT nothing FROM v_run'],
  ['doctor'],
  ['export', 'absent/too/deep', '--db', 'absent.duckdb'],
  ['rnus'],
]

test.each(commands.map((args) => [args.join(' '), args] as const))(
  'on 80 and 60 columns no line of `%s` is too long, no word is broken, and every command can be typed',
  async (_name, args) => {
    const whole = await shown(args, 4000)
    expect(whole).not.toBe('')
    for (const columns of [60, 80]) {
      const text = await shown(args, columns)
      expect(tooLong(text, columns)).toEqual([])
      expect(broken(text, whole, columns)).toEqual([])
      expect(untypable(text)).toBeUndefined()
    }
  },
)

test('nor of the demo', () => {
  expect(tooLong(demo, 80)).toEqual([])
  expect(demo).toContain('npx trace2 runs')
  expect(untypable(demo)).toBeUndefined()
})

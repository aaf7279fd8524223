import type { Preview, StepResult, UnreachedParameter } from '@trace2/optimizer'
import { printable, printableLines, renderValueDiff, wrapped } from '@trace2/optimizer/render'
import type { Terminal } from '../terminal/terminal.ts'
import { baseLines, learnedFrom, notAskedLines, roomLines } from './evidence.ts'
import { messageText } from './llm-call.ts'
import { counted, formatCost, shortVersion, spentText } from './values.ts'

/** What a step of an optimizer proposes, why, what it cost and which parameters it could not reach. Printable. */
export function stepText(result: StepResult, { paint, columns }: Terminal): string {
  const { proposals, reasoning, unreached, spent } = result
  const cost = spent.calls === 0 ? 'answered from the store, $0' : spentText(spent)
  const made = proposals.length === 0 ? 'No change proposed' : counted(proposals.length, 'proposal')
  const width = Math.min(columns, 100)
  return [
    `${paint('strong', made)} from ${learnedFrom(result)} (${cost})`,
    ...[...baseLines(result.variables), ...notAskedLines(result.leftOut.parameters)].flatMap(
      (line) => wrapped(printable(line), width),
    ),
    ...omittedLines(result),
    ...proposals.map(({ id, parameter, baseVersion, version, baseValue, value, note }) => {
      const change = `${shortVersion(baseVersion)} → ${shortVersion(version)}`
      const title = `${paint('strong', printable(id))}  ${paint('parameter', `◆ ${printable(parameter)}`)}  ${printable(change)}`
      const about = note === '' ? '' : `\n${paint('faint', printable(note))}`
      return `\n${title}${about}\n${renderValueDiff(baseValue, value, { width: columns, paint })}`
    }),
    ...(reasoning === ''
      ? []
      : [
          `\n${paint('strong', 'Reasoning')}`,
          ...printableLines(reasoning).flatMap((line) => wrapped(line, width)),
        ]),
    ...(unreached.length === 0 ? [] : [`\n${paint('strong', 'Not reached by feedback')}`]),
    ...unreached.flatMap((parameter) =>
      wrapped(printable(unreachedText(parameter)), width - 2).map((line) => `  ${line}`),
    ),
  ].join('\n')
}

/** What did not fit, by section of the prompt, over all prompts of the step. */
function omittedLines({ omitted }: StepResult): string[] {
  const told = (['leftOut', 'shortened'] as const).flatMap((kind) => {
    const counts = new Map<string, number>()
    for (const one of omitted) {
      for (const [section, count] of Object.entries(one[kind])) {
        counts.set(section, (counts.get(section) ?? 0) + count)
      }
    }
    const parts = Array.from(counts).filter(([, count]) => count > 0)
    if (parts.length === 0) return []
    const list = parts.map(([section, count]) => `${count} in ${section}`).join(', ')
    return `${kind === 'leftOut' ? 'Left out' : 'Shortened'} to fit the prompt: ${list}.`
  })
  return told.map((line) => printable(line))
}

function unreachedText({ name, runs, reachedIn, detail }: UnreachedParameter): string {
  const where =
    reachedIn === 0
      ? `in ${counted(runs, 'run')}`
      : `in ${runs} of ${counted(runs + reachedIn, 'run')}`
  return `${name}, ${where}: ${detail}`
}

/** The commands that make sense after a step. */
export function nextAfterStep({ proposals }: StepResult): readonly string[] {
  const [first] = proposals
  if (!first) return ['trace2 graph last --backward']
  const ids = proposals.map(({ id }) => id).join(' ')
  return [`trace2 show ${first.id}`, `trace2 accept ${ids}`, `trace2 reject ${ids}`]
}

/** The first prompt that would be sent, then what all of them would cost. Printable. */
export function previewText(
  result: StepResult,
  { messages, room, questions, tokens, promptCostUsd, maxCostUsd }: Preview,
  { paint, columns }: Terminal,
): string {
  const notices = [
    ...baseLines(result.variables),
    ...notAskedLines(result.leftOut.parameters),
    ...(room ? roomLines(room.shown, room.of) : []),
  ]
  const size =
    questions === 1
      ? counted(tokens, 'token')
      : `The first of ${counted(questions, 'question')} with about ${counted(tokens, 'token')} together`
  const price =
    promptCostUsd === null
      ? 'the price of this model is not known'
      : `${formatCost(promptCostUsd)}, at most ${formatCost(maxCostUsd)} with the longest ${questions === 1 ? 'answer' : 'answers'}`
  const more = questions === 1 ? '' : ' What the answers say can lead to further questions.'
  return [
    ...messages.map((message) => messageText(message.role, message.content, paint)),
    '',
    ...notices.flatMap((line) => wrapped(printable(line), Math.min(columns, 100))),
    paint('strong', `${size}: ${price}.${more} Nothing was asked.`),
  ].join('\n')
}

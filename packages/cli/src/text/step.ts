import { printable, printableLines } from '@trace2/core'
import type { Preview, StepResult, UnreachedParameter } from '@trace2/optimizer'
import { renderValueDiff, wrapped } from '@trace2/render'
import { onLatest } from '../options/dataset-names.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { baseLines, learnedFrom, notAskedLines, roomLines } from './evidence.ts'
import { meaningText, unclearText } from './feedback-names.ts'
import { messageText } from './llm-call.ts'
import { counted, formatCost, shortVersion, spentText } from './values.ts'

/** What is known beside the result of a step. */
export interface StepContext {
  /** Ids of proposals that were rolled back. */
  readonly back: ReadonlySet<string>
  /** Notes that stand above the result already. */
  readonly told: ReadonlySet<string>
  /** Names, the dataset that was changed last first. */
  readonly datasets: readonly string[]
}

/** What a step of an optimizer proposes, why, what it cost and which parameters it could not reach. Printable. */
export function stepText(
  result: StepResult,
  { back, told }: StepContext,
  { paint, columns }: Terminal,
): string {
  const { proposals, repeated, reasoning, unreached, spent } = result
  const cost = repeated ? 'answered from the store, $0' : spentText(spent)
  const made = proposals.length === 0 ? 'No change proposed' : counted(proposals.length, 'proposal')
  const width = Math.min(columns, 100)
  return [
    `${paint('strong', made)} from ${learnedFrom(result)} (${cost})`,
    ...(repeated ? wrapped(repeatedText, width) : []),
    ...objectiveLines(result, width),
    ...[...baseLines(result.variables), ...notAskedLines(result.leftOut.parameters)]
      .filter((line) => !told.has(line))
      .flatMap((line) => wrapped(printable(line), width)),
    ...omittedLines(result),
    ...proposals.map(
      ({ id, parameter, baseVersion, version, baseValue, value, note, status, marks }) => {
        const change = `${shortVersion(baseVersion)} → ${shortVersion(version)}`
        const title = `${paint('strong', printable(id))}  ${paint('parameter', `◆ ${printable(parameter)}`)}  ${printable(change)}${statusText(id, status, back)}`
        const unusual = (marks ?? []).map(({ detail }) => `\n${paint('error', printable(detail))}`)
        const about = `${note === '' ? '' : `\n${paint('faint', printable(note))}`}${unusual.join('')}`
        return `\n${title}${about}\n${renderValueDiff(baseValue, value, { width: columns, paint })}`
      },
    ),
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

/** What datasets keep to select and to decide on, and what nobody can compare with the runs. */
export function keptBackLines({ runs, incomparable }: KeptBackCounts): readonly string[] {
  return [
    ...(runs > 0
      ? [
          `${counted(runs, 'run')} with feedback ${runs === 1 ? 'is' : 'are'} not learned from: a dataset keeps what they were asked to select and to decide on.`,
        ]
      : []),
    ...(incomparable > 0
      ? [
          `${counted(incomparable, 'case')} to select and to decide on cannot be compared with the runs, whose inputs have more or fewer parts: if the runs were asked the same, a verdict on them proves nothing. Name the inputs in the file as the agent does: {"inputs": {"ROLE": …}}.`,
        ]
      : []),
  ]
}

interface KeptBackCounts {
  readonly runs: number
  readonly incomparable: number
}

/** What a step found that was proposed before is told by what became of it. */
function statusText(id: string, status: string, back: ReadonlySet<string>): string {
  if (status === 'open') return ''
  return back.has(id) ? '  the same as before, which was rolled back' : `  ${status}`
}

const repeatedText =
  'This step was taken before, on the same runs and values: these are its answers. With --again the model is asked anew.'

const reasons = {
  chosen: '',
  only: '',
  weight: ' It weighs most; --objective NAME takes another.',
  pieces: ' It has most pieces; --objective NAME takes another.',
}

/** By which name good runs were told from failed ones. */
function objectiveLines({ objective, unclear }: StepResult, width: number): string[] {
  const doubts = unclear.length > 0 ? wrapped(printable(unclearText(unclear)), width) : []
  if (!objective) return doubts
  const { meaning, because } = objective
  const assumed = meaning.scaleFrom === 'learned' ? ' (as learned)' : ''
  const text = `Objective: ${meaning.name}, ${meaningText(meaning)}${assumed}.${reasons[because]}`
  return [...wrapped(printable(text), width), ...doubts]
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
export function nextAfterStep(
  { proposals, repeated }: StepResult,
  { back, datasets }: Pick<StepContext, 'back' | 'datasets'>,
): readonly string[] {
  const open = proposals.filter(({ status }) => status === 'open')
  const [first] = open
  const again = repeated ? ['trace2 optimize --again'] : []
  const [returned] = proposals.filter(({ id }) => back.has(id))
  if (!first && returned)
    return [...again, `trace2 show ${returned.id}`, `trace2 accept ${returned.id}`]
  if (!first) return [...again, 'trace2 graph last --backward']
  const ids = open.map(({ id }) => id).join(' ')
  return [
    ...again,
    `trace2 show ${first.id}`,
    `trace2 evaluate ${ids}${onLatest(datasets)}`,
    `trace2 verdict ${ids}${onLatest(datasets)}`,
    `trace2 accept ${ids}`,
  ]
}

/** The first prompt that would be sent, then what all of them would cost. Printable. */
export function previewText(
  result: StepResult,
  { messages, room, questions, tokens, promptCostUsd, maxCostUsd }: Preview,
  terminal: Terminal,
): string {
  const { paint, columns } = terminal
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
    ...messages.map((message) => messageText(message.role, message.content, terminal)),
    '',
    ...notices.flatMap((line) => wrapped(printable(line), Math.min(columns, 100))),
    ...wrapped(`${size}: ${price}.${more} Nothing was asked.`, columns).map((line) =>
      paint('strong', line),
    ),
  ].join('\n')
}

import { counted, type Json, newUnseen, printable, printableLines, unseenText } from '@trace2/core'
import type { Proposal, StoredVerdict } from '@trace2/store'
import {
  type CandidateResult,
  type CaseRow,
  type ExperimentResult,
  shownOutput,
} from '../experiments/index.ts'
import type { GateReport } from '../gate/index.ts'
import { failureLines } from './failures.ts'
import { patch } from './patch.ts'
import {
  basisText,
  effectText,
  guardStanding,
  levelText,
  moreText,
  movement,
  severalText,
  spentSentence,
  standsOn,
} from './words.ts'

/** What {@link markdownReport} reports on. */
export interface ReportInput {
  /** The proposals that the candidate's values come from. Empty if they come from none. */
  readonly proposals: readonly Proposal[]
  /** The result of the experiment. */
  readonly result: ExperimentResult
  /** The candidate to report on. */
  readonly candidate: CandidateResult
  /** The verdict of a gate on the holdout, if there is one. */
  readonly verdict?: { readonly stored: StoredVerdict; readonly report: GateReport }
}

/** Cases whose outputs a report shows. */
const mostShown = 10
/** Characters of a value that a report shows: a comment on a pull request has 65,536 in all. */
const longestValue = 2_000
/** Characters of the change of a parameter: who approves it has to see it. */
const longestChange = 12_000

const marks = {
  better: '✅ better',
  worse: '❌ worse',
  'no difference worth it': '➖ no difference worth it',
  'not enough evidence': '❔ not enough evidence',
} as const

/**
 * Makes a report for a pull request. Text from runs is in fenced blocks, so that none of it acts as Markdown, HTML or a
 * mention.
 */
export function markdownReport(input: ReportInput): string {
  const { proposals, result, candidate, verdict } = input
  const { experiment, stopped } = result
  const report = verdict?.report ?? candidate.report
  const told = verdict ? marks[verdict.stored.verdict] : '❔ no verdict yet'
  const effect = report.effect ?? report.onChoosingCases
  const { worse, same, better } = movement(candidate)
  const [base] = experiment.candidates
  const changes = Object.entries(candidate.candidate.values).map(([name, { value }]) => {
    const proposal = proposals.find(({ parameter }) => parameter === name)
    const id = proposal === undefined ? '' : ` (${code(proposal.id)})`
    const before = base?.values[name]?.value ?? null
    const unseen = newUnseen(before, value)
    const hidden =
      unseen.length === 0
        ? ''
        : `**It adds what cannot be seen:** ${escaped(unseenText(unseen))}.\n\n`
    return `#### ${code(name)}${id}\n\n${hidden}${fenced(patch(before, value, longestChange), 'diff')}`
  })
  const where = `${code(`${experiment.dataset}@${experiment.datasetVersion}`)}, ${experiment.split}`
  const more = moreText(report, candidate)
  const basis = effect === undefined ? undefined : basisText(effect, result)
  const several = severalText(result)
  const level = levelText(candidate)
  const guards = [
    ...report.guards.map(guardLine),
    ...candidate.unseenGuards.map(({ name, why }) => `- ${code(name)}: not seen, ${escaped(why)}`),
  ]
  return [
    `### Trace2: ${told}`,
    '',
    ...report.why.map((sentence) => `- ${escaped(sentence)}`),
    ...(more === undefined ? [] : [`- ${more}`]),
    ...(candidate.unused === undefined ? [] : [`- **${escaped(candidate.unused)}**`]),
    ...(stopped === undefined ? [] : [`- It stopped early: ${escaped(stopped)}`]),
    '',
    '| | base | candidate |',
    '|---|---:|---:|',
    row('score', candidate.base.score, candidate.own.score, (value) => value.toFixed(3)),
    row(
      'latency',
      candidate.base.latencyMs,
      candidate.own.latencyMs,
      (value) => `${Math.round(value)} ms`,
    ),
    row('tokens', candidate.base.tokens, candidate.own.tokens, (value) =>
      String(Math.round(value)),
    ),
    row(
      'cost',
      candidate.base.costUsd,
      candidate.own.costUsd,
      (value) => `$${value.toPrecision(2)}`,
    ),
    `| trials without a score | ${candidate.base.withoutScore} | ${candidate.own.withoutScore} |`,
    '',
    ...(effect === undefined
      ? []
      : [
          `**Effect:** ${effectText(effect, report.counts)}${basis === undefined ? '' : ` — ${basis}.`}`,
          '',
        ]),
    ...(level === undefined ? [] : [level, '']),
    ...(several === undefined ? [] : [escaped(several), '']),
    `**Cases:** ${worse} worse, ${same} the same, ${better} better. Stands on ${standsOn(report)} of ${where}.`,
    ...(candidate.excluded.length === 0
      ? []
      : [`${counted(candidate.excluded.length, 'case')} could not be compared.`]),
    `${spentSentence(result)} Guides: ${experiment.guides.map(code).join(', ')}.`,
    ...(experiment.mode === 'single call' && experiment.agent !== null
      ? [`What ran: ${escaped(experiment.agent)}.`]
      : []),
    '',
    ...failureLines(candidate).map((line) => `- ${escaped(printable(line))}`),
    '',
    ...(guards.length === 0 ? [] : ['**Guards:**', '', ...guards, '']),
    ...changes,
    ...rowsText(candidate),
    '',
    `<sub>Experiment ${code(experiment.id)}${verdict ? `, verdict ${code(verdict.stored.id)}` : ''}.</sub>`,
    '',
  ].join('\n')
}

function row(
  name: string,
  base: number | null,
  own: number | null,
  format: (value: number) => string,
): string {
  const text = (value: number | null) => (value === null ? '–' : format(value))
  return `| ${name} | ${text(base)} | ${text(own)} |`
}

function guardLine(guard: GateReport['guards'][number]): string {
  const { name, of, allowed, lower, upper } = guard
  return `- ${code(name)}: ${guardStanding(guard)} (${of}: ${number(lower)} to ${number(upper)}, allowed ${number(allowed)})`
}

function number(value: number): string {
  return Number.isFinite(value) ? Number(value.toPrecision(3)).toString() : value > 0 ? '∞' : '−∞'
}

/** Outputs side by side, those that became worse first. */
function rowsText({ rows }: CandidateResult): readonly string[] {
  const moved = rows.filter(({ difference }) => difference !== 0)
  const worse = moved.filter(({ difference }) => difference < 0)
  const better = moved.filter(({ difference }) => difference > 0).toReversed()
  const shown = [
    ...worse.slice(0, mostShown),
    ...better.slice(0, Math.max(mostShown - worse.length, 3)),
  ]
  if (shown.length === 0) return []
  return [
    '<details><summary>Cases that changed</summary>',
    '',
    ...shown.map(caseText),
    ...(moved.length > shown.length
      ? [`… and ${counted(moved.length - shown.length, 'other case')} that changed.`]
      : []),
    '',
    '</details>',
  ]
}

function caseText({ case: one, base, own, baseTrials, ownTrials }: CaseRow): string {
  const score = (value: number | null) => (value === null ? 'none' : value.toFixed(2))
  const before = shownOutput(baseTrials)
  const after = shownOutput(ownTrials)
  const reasons = [
    ...(before.reason === undefined ? [] : [`base: ${before.reason}`]),
    ...(after.reason === undefined ? [] : [`candidate: ${after.reason}`]),
  ]
  const comments = ownTrials[0]?.scores.flatMap(({ guide, comment, error }) =>
    comment || error ? [`${guide}: ${comment ?? error}`] : [],
  )
  return [
    `#### Case ${code(one.id)}: ${score(base)} → ${score(own)}`,
    '',
    fenced(cut(shown(one.inputs)), ''),
    '',
    fenced(patch(before.output, after.output, longestValue), 'diff'),
    '',
    ...(reasons.length === 0 ? [] : [fenced(shown(reasons.join('\n')), ''), '']),
    ...(comments && comments.length > 0 ? [fenced(cut(shown(comments.join('\n'))), ''), ''] : []),
  ].join('\n')
}

/** Without control characters, and what a reader does not see. */
function shown(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2)
  return printableLines(text).join('\n')
}

function cut(text: string): string {
  return text.length > longestValue ? `${text.slice(0, longestValue)}\n…` : text
}

/** A block that no text can end: its fence is longer than any run of backticks within. */
function fenced(text: string, language: string): string {
  const runs = text.match(/`{3,}/g) ?? []
  const fence = '`'.repeat(Math.max(3, ...runs.map((run) => run.length + 1)))
  return `${fence}${language}\n${text}\n${fence}`
}

/** A name within a line, as code. */
function code(text: string): string {
  const plain = printable(text).replace(/[`\r\n|]/g, "'")
  return `\`${plain}\``
}

/** A sentence that may hold names of strangers. */
function escaped(sentence: string): string {
  return printable(sentence.replace(/[\r\n]+/g, ' '))
    .replace(/[&<>@]/g, (char) => `&#${char.charCodeAt(0)};`)
    .replace(/[\\`*_{}[\]()#+!|~]/g, (char) => `\\${char}`)
}

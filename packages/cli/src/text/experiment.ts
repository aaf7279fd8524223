import type { Json } from '@trace2/core'
import { printable } from '@trace2/core'
import type {
  CandidateResult,
  CaseRow,
  ExperimentResult,
  Preview,
  SideTotals,
} from '@trace2/evaluation'
import { shownOutput } from '@trace2/evaluation'
import type { Estimate, GateReport } from '@trace2/evaluation/gate'
import {
  basisText,
  effectText,
  failureLines,
  guardStanding,
  levelText,
  moreText,
  movement,
  severalText,
  spentSentence,
  standsOn,
} from '@trace2/evaluation/report'
import { renderValueDiff, type Tone, wrapped } from '@trace2/render'
import type { Terminal } from '../terminal/terminal.ts'
import { type Cell, table } from './table.ts'
import { counted, formatCost, formatMaybeScore } from './values.ts'

type Shown = Pick<Terminal, 'paint' | 'columns'>

const verdictTone: { readonly [Verdict in GateReport['verdict']]: Tone } = {
  better: 'good',
  worse: 'error',
  'no difference worth it': 'strong',
  'not enough evidence': 'strong',
}

export interface ExperimentTextOptions {
  /** Cases whose outputs are shown, those that became worse first. */
  readonly cases: number
  /** What an effect is an effect on, where it is not what to expect elsewhere. */
  readonly basis?: (effect: Estimate) => string | undefined
}

/** What an experiment shows of each candidate: means, the effect, and the cases that moved. Printable. */
export function experimentText(
  result: ExperimentResult,
  terminal: Shown,
  options: ExperimentTextOptions,
): string {
  const { experiment, candidates, stopped } = result
  const { paint } = terminal
  const on = `${experiment.dataset}@${experiment.datasetVersion} ${experiment.split}`
  const several = severalText(result)
  return [
    `${paint('strong', `Experiment ${printable(experiment.id)}`)}  ${printable(on)}`,
    ...lines(spentSentence(result), terminal),
    // Which model was asked decides what comes out, and need not be the recorded one.
    ...(experiment.mode === 'single call' && experiment.agent !== null
      ? lines(`What ran: ${experiment.agent}.`, terminal)
      : []),
    ...(stopped === undefined ? [] : lines(stopped, terminal, 'error')),
    ...(several === undefined ? [] : lines(several, terminal)),
    ...candidates.flatMap((candidate) => [
      '',
      ...candidateLines(candidate, terminal, {
        ...options,
        basis: (effect) => basisText(effect, result),
      }),
    ]),
  ].join('\n')
}

/** One candidate of an experiment beside the base. */
export function candidateLines(
  result: CandidateResult,
  terminal: Shown,
  options: ExperimentTextOptions,
): readonly string[] {
  const { candidate, base, own, report, rows, excluded, unused, unseenGuards } = result
  const { paint, columns } = terminal
  if (rows.length === 0) {
    return [
      paint('strong', printable(candidate.name)),
      ...lines('No case has been tried on both sides.', terminal),
      ...excludedLines(result, terminal),
      ...failureLines(result).flatMap((line) => lines(line, terminal)),
    ]
  }
  const { worse, same, better } = movement(result)
  const level = levelText(result)
  return [
    paint('strong', printable(candidate.name)),
    table(
      [{ title: '' }, { title: 'base', align: 'right' }, { title: 'candidate', align: 'right' }],
      totalRows(base, own),
      { columns, paint },
    ),
    ...effectLines(report, terminal, options),
    ...lines(
      `${worse} worse, ${same} the same, ${better} better; stands on ${standsOn(report)}.`,
      terminal,
    ),
    ...(level === undefined ? [] : lines(level, terminal, 'strong')),
    ...noiseLines(report, terminal),
    ...(unused === undefined ? [] : lines(unused, terminal, 'error')),
    ...failureLines(result).flatMap((line) => lines(line, terminal)),
    ...guardLines(report, terminal),
    ...unseenGuards.flatMap(({ name, why }) => lines(`Guard ${name}: not seen, ${why}.`, terminal)),
    ...(excluded.length === 0 ? [] : excludedLines(result, terminal)),
    ...(level === undefined
      ? caseLines(rows, terminal, options.cases)
      : // One shows why.
        rows.slice(0, 1).flatMap((row) => ['', caseText(row, terminal)])),
  ]
}

function totalRows(base: SideTotals, own: SideTotals): (readonly Cell[])[] {
  const milliseconds = (value: number | null) => (value === null ? '–' : `${Math.round(value)} ms`)
  const count = (value: number | null) => (value === null ? '–' : String(Math.round(value)))
  return [
    ['score', formatMaybeScore(base.score), formatMaybeScore(own.score)],
    ['without score', String(base.withoutScore), String(own.withoutScore)],
    ['latency', milliseconds(base.latencyMs), milliseconds(own.latencyMs)],
    ['tokens', count(base.tokens), count(own.tokens)],
    ['cost', formatCost(base.costUsd), formatCost(own.costUsd)],
  ]
}

function effectLines(
  { effect, onChoosingCases, counts }: GateReport,
  terminal: Shown,
  { basis }: ExperimentTextOptions,
): readonly string[] {
  const shown = effect ?? onChoosingCases
  if (!shown) return []
  const on = basis?.(shown)
  return lines(
    `Effect: ${effectText(shown, counts)}${on === undefined ? '' : `, ${on}`}.`,
    terminal,
  )
}

function guardLines({ guards }: GateReport, terminal: Shown): readonly string[] {
  const shown = guards.flatMap((guard) => {
    const { name, standing, of, lower, upper, allowed } = guard
    return lines(
      `Guard ${name}: ${guardStanding(guard)} (${of}: ${number(lower)} to ${number(upper)}, allowed ${number(allowed)}).`,
      terminal,
      standing === 'broken' ? 'error' : 'plain',
    )
  })
  const stands = guards.some(
    ({ standing, needs }) => standing === 'broken' || (standing === 'open' && needs === 'kept'),
  )
  const where =
    'What is guarded, and how much it may change, is `gate.guards` of the configuration.'
  return stands ? [...shown, ...lines(where, terminal)] : shown
}

/** How many repeats the noise of the scores asks for, where trials were repeated. */
function noiseLines({ noise, counts }: GateReport, terminal: Shown): readonly string[] {
  if (!noise || noise.repeats <= counts.repeats.most) return []
  const spread = Math.sqrt(Math.max(noise.withinBase, noise.withinCandidate)) * 100
  const text = `Scores of one case vary by about ${spread.toFixed(0)} points from trial to trial: --repeats ${noise.repeats} needs the fewest trials.`
  return lines(text, terminal)
}

function excludedLines({ excluded }: CandidateResult, terminal: Shown): readonly string[] {
  const byReason = new Map<string, number>()
  for (const { outcome, reason } of excluded) {
    const text = `${outcome === 'done' ? 'not judged' : outcome}: ${reason}`
    byReason.set(text, (byReason.get(text) ?? 0) + 1)
  }
  return [...byReason].flatMap(([reason, count]) =>
    lines(`Left out: ${counted(count, 'case')}, ${reason}`, terminal),
  )
}

const extents = {
  whole: 'can be replayed',
  part: 'can be replayed in part: some calls run again',
  none: 'cannot be replayed',
  'no run': 'come from no stored run: nothing is answered there, and what has effects does not run',
} as const

/** What an experiment would do. */
export function previewText(preview: Preview, terminal: Shown): string {
  const { cases, groups, trials, mode, obstacles, costUsd, tokens, needed, worth } = preview
  const found = Object.entries(extents).flatMap(([extent, words]) => {
    const count = preview.extents[extent as keyof typeof extents]
    return count === undefined ? [] : [`${counted(count, 'case')} ${words}.`]
  })
  const cost = costUsd === null ? 'cost unknown' : `about ${formatCost(costUsd)}`
  const about = tokens === 0 ? '' : `, about ${counted(tokens, 'token')}`
  return [
    terminal.paint('strong', `${counted(cases, 'case')} in ${counted(groups, 'group')}`),
    ...found.flatMap((line) => lines(line, terminal)),
    ...obstacles.flatMap(({ op, reason, cases: of, isFatal }) =>
      lines(
        `${isFatal ? 'Not replayable' : 'Runs again'}, ${counted(of, 'case')}: ${op === '' ? '' : `${op}: `}${reason}`,
        terminal,
        isFatal ? 'error' : 'plain',
      ),
    ),
    ...lines(
      `${counted(trials, 'trial')} (${mode}), ${cost}${about} if calls cost what they did.`,
      terminal,
    ),
    ...lines(
      `A gain of ${Math.round(worth * 100)} points may take up to ${counted(needed, 'group')} to show; larger gains and steadier scores take fewer.`,
      terminal,
    ),
  ].join('\n')
}

/** The verdict of a gate, with what it rests on and what it would take to know more. */
export function verdictLines(
  report: GateReport,
  result: CandidateResult,
  terminal: Shown,
): readonly string[] {
  const { paint } = terminal
  const more = moreText(report, result)
  return [
    `${paint('strong', 'Verdict')}  ${paint(verdictTone[report.verdict], report.verdict)}`,
    ...report.why.flatMap((sentence) => lines(sentence, terminal)),
    ...(more === undefined ? [] : lines(more, terminal)),
  ]
}

function caseLines(rows: readonly CaseRow[], terminal: Shown, most: number): readonly string[] {
  const moved = rows.filter(({ difference }) => difference !== 0)
  const worse = moved.filter(({ difference }) => difference < 0)
  const better = moved.filter(({ difference }) => difference > 0).toReversed()
  // Those that became worse are what one must look at; of the others a few show what is meant.
  const shown = [...worse, ...better].slice(0, most)
  const left = moved.length - shown.length
  return [
    ...shown.flatMap((row) => ['', caseText(row, terminal)]),
    ...(left > 0
      ? [`\n… and ${counted(left, 'other case')} that changed; --cases ${moved.length} shows all`]
      : []),
  ]
}

function caseText(row: CaseRow, { paint, columns }: Shown): string {
  const { case: one, base, own, difference, baseTrials, ownTrials } = row
  const tone = difference < 0 ? 'error' : 'good'
  const before = shownOutput(baseTrials)
  const after = shownOutput(ownTrials)
  const scores = `${formatMaybeScore(base)} → ${formatMaybeScore(own)}`
  const words = ownTrials[0]?.scores.flatMap(({ guide, comment, error }) =>
    comment || error ? [`${guide}: ${comment || error}`] : [],
  )
  const reasons = [
    ...(before.reason === undefined ? [] : [`base: ${before.reason}`]),
    ...(after.reason === undefined ? [] : [`candidate: ${after.reason}`]),
  ]
  return [
    `${paint('strong', `Case ${printable(one.id)}`)}  ${paint(tone, scores)}  ${paint('faint', inputText(one.inputs, columns - 40))}`,
    renderValueDiff(before.output, after.output, { width: columns, paint }),
    ...[...reasons, ...(words ?? [])].flatMap((text) => lines(text, { paint, columns }, 'faint')),
  ].join('\n')
}

function inputText(inputs: { readonly [role: string]: Json }, room: number): string {
  const [first] = Object.values(inputs)
  const text =
    Object.keys(inputs).length === 1 && typeof first === 'string' ? first : JSON.stringify(inputs)
  const plain = printable(text.slice(0, 400)).replace(/\s+/g, ' ')
  return plain.length > room ? `${plain.slice(0, Math.max(room - 1, 8))}…` : plain
}

function number(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞'
  return Number(value.toPrecision(3)).toString()
}

function lines(text: string, { columns, paint }: Shown, tone: Tone = 'plain'): readonly string[] {
  return wrapped(printable(text), Math.min(columns, 100)).map((line) => paint(tone, line))
}

import { canonicalJson, counted, type Json } from '@trace2/core'
import type { Candidate, Case, Experiment, Trial, TrialMode } from '@trace2/store'
import { decide, type GateOptions, type GateReport, type Guard } from '../gate/index.ts'
import type { ExperimentSpending } from './budget.ts'
import { baseId } from './candidate.ts'
import { type ExcludedCase, isCorrectedOnly, pairTrials } from './pairs.ts'
import { seenGuards, type UnseenGuard } from './seen-guards.ts'
import type { SeveralCandidates } from './several.ts'
import { withheld } from './withheld.ts'

const chose = 'chose the candidate' as const

/** What an experiment shows. */
export interface ExperimentResult {
  /** The experiment. */
  readonly experiment: Experiment
  /** Name of the metric by which sides are compared. */
  readonly metric: string
  /** The result of each candidate. */
  readonly candidates: readonly CandidateResult[]
  /** Which of several candidates are better; `undefined` if there is one candidate. */
  readonly several: SeveralCandidates | undefined
  /** What the trials have used. */
  readonly spent: ExperimentSpending
  /** Why the experiment stopped early, in a sentence; `undefined` if it did not. */
  readonly stopped: string | undefined
}

/** What an experiment shows about one candidate. */
export interface CandidateResult {
  /** The candidate. */
  readonly candidate: Candidate
  /** What a gate says of these cases. It decides nothing: a decision is made on the holdout. */
  readonly report: GateReport
  /** Cases that have trials of both sides. Those that became worse are first, the largest change first. */
  readonly rows: readonly CaseRow[]
  /** Cases that compare nothing. */
  readonly excluded: readonly ExcludedCase[]
  /** Means over the trials of the base. */
  readonly base: SideTotals
  /** Means over the trials of the candidate. */
  readonly own: SideTotals
  /** A sentence if no trial used the values of the candidate; otherwise `undefined`. */
  readonly unused: string | undefined
  /** Guards that could not be checked, because the trials do not tell their quantity. */
  readonly unseenGuards: readonly UnseenGuard[]
}

/** What a summary needs to know beside the trials. */
export interface SummaryOptions {
  readonly gate: GateOptions & { readonly guards: readonly Guard[] }
  readonly mode: TrialMode
  readonly unused: string | undefined
}

/** Both sides of a case. */
export interface CaseRow {
  /** The case. */
  readonly case: Case
  /** Mean score of the base; a trial without a score counts as the worst. `null` if no trial has one. */
  readonly base: number | null
  /** Mean score of the candidate; a trial without a score counts as the worst. `null` if no trial has one. */
  readonly own: number | null
  /** Score of the candidate minus score of the base. A trial without a score counts as 0. */
  readonly difference: number
  /** The trials of the base. */
  readonly baseTrials: readonly Trial[]
  /** The trials of the candidate. */
  readonly ownTrials: readonly Trial[]
}

/** Numbers and means of the trials of one side. A mean is `null` if no trial tells it. */
export interface SideTotals {
  /** Number of trials. */
  readonly trials: number
  /** Number of trials without a score. */
  readonly withoutScore: number
  /** Mean score. */
  readonly score: number | null
  /** Mean time of a trial, in milliseconds. */
  readonly latencyMs: number | null
  /** Mean of input and output tokens of a trial. */
  readonly tokens: number | null
  /** Mean cost of a trial, in US dollars. */
  readonly costUsd: number | null
}

export function candidateResult(
  candidate: Candidate,
  trials: readonly Trial[],
  cases: ReadonlyMap<string, Case>,
  { gate: wanted, mode, unused }: SummaryOptions,
): CandidateResult {
  const { pairs, excluded, diverged } = pairTrials(trials, cases, candidate.id)
  const paired = new Set(pairs.map((pair) => pair.case))
  const compared = trials.filter((trial) => paired.has(trial.case))
  const ofBase = compared.filter((trial) => trial.candidate === baseId)
  const own = compared.filter((trial) => trial.candidate === candidate.id)
  const { guards, unseen } = seenGuards(wanted.guards, pairs, compared, mode)
  const basis = isCorrectedOnly(excluded, pairs, cases) ? { basis: chose } : {}
  const gate = { ...wanted, ...basis, guards }
  const all = [...pairs, ...diverged]
  const strict = diverged.length === 0 ? undefined : decide(all, { ...gate, guards: [] })
  const baseByCase = byCase(ofBase)
  const ownByCase = byCase(own)
  const rows = [...cases.values()]
    .filter(({ id }) => paired.has(id))
    .map((one) => rowOf(one, baseByCase.get(one.id) ?? [], ownByCase.get(one.id) ?? []))
    .sort((a, b) => a.difference - b.difference || (a.case.id < b.case.id ? -1 : 1))
  return {
    candidate,
    report: withheld(decide(pairs, gate), { strict, diverged: diverged.length, unseen }),
    rows,
    excluded,
    base: totalsOf(ofBase),
    own: totalsOf(own),
    unused: unused ?? unseenUse(candidate, rows),
    unseenGuards: unseen,
  }
}

/** Cases with the same outputs on both sides from which on it is said that nothing shows a use of the values. */
const fewestAlike = 3

/** What is to be said of an agent that nothing is seen of but its outputs, where these are the same on both sides. */
function unseenUse({ name }: Candidate, rows: readonly CaseRow[]): string | undefined {
  const isAlike = rows.every(
    ({ baseTrials, ownTrials }) =>
      ownTrials.every(({ outcome, used }) => outcome === 'done' && used === null) &&
      canonicalJson(baseTrials.map(({ output }) => output)) ===
        canonicalJson(ownTrials.map(({ output }) => output)),
  )
  if (!isAlike || rows.length < fewestAlike) return undefined
  return `Nothing shows that the agent used the values of ${name}: it sent no spans, and its outputs are the same on both sides of all ${counted(rows.length, 'case')}.`
}

function byCase(trials: readonly Trial[]): ReadonlyMap<string, readonly Trial[]> {
  const cases = new Map<string, Trial[]>()
  for (const trial of trials) {
    const known = cases.get(trial.case)
    if (known) known.push(trial)
    else cases.set(trial.case, [trial])
  }
  return cases
}

function rowOf(one: Case, baseTrials: readonly Trial[], ownTrials: readonly Trial[]): CaseRow {
  const difference = meanOf(ownTrials.map(worstWhereNone)) - meanOf(baseTrials.map(worstWhereNone))
  return {
    case: one,
    base: mean(baseTrials.map(({ score }) => score)),
    own: mean(ownTrials.map(({ score }) => score)),
    difference,
    baseTrials,
    ownTrials,
  }
}

function worstWhereNone({ score }: Trial): number {
  return score ?? 0
}

function totalsOf(trials: readonly Trial[]): SideTotals {
  const done = trials.filter(({ outcome }) => outcome === 'done')
  return {
    trials: trials.length,
    withoutScore: trials.filter(({ score }) => score === null).length,
    score: trials.length === 0 ? null : meanOf(trials.map(worstWhereNone)),
    latencyMs: mean(done.map(({ latencyMs }) => latencyMs)),
    tokens: mean(done.map(tokensOf)),
    costUsd: mean(done.map(({ costUsd }) => costUsd)),
  }
}

/** `null` where nothing was seen of a model: an agent without spans may ask one all the same. */
function tokensOf({ inputTokens, outputTokens, used }: Trial): number | null {
  const tokens = inputTokens + outputTokens
  return used === null && tokens === 0 ? null : tokens
}

function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : meanOf(known)
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1)
}

/**
 * Chooses the output of a case to show: that of its first trial that has one, with the reasons why the others have
 * none.
 */
export function shownOutput(trials: readonly Trial[]): {
  output: Json
  reason: string | undefined
} {
  const done = trials.find(({ outcome }) => outcome === 'done')
  if (done) return { output: done.output, reason: undefined }
  const [first] = trials
  return { output: null, reason: first?.reason ?? first?.outcome }
}

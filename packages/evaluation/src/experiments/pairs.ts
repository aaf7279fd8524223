import type { Case, Trial } from '@trace2/store'
import { caseMetadata } from '../datasets/index.ts'
import type { NoScore, PairedCase, PairedValues, Trial as Scored } from '../gate/index.ts'
import { baseId } from './candidate.ts'

/** Trials of one candidate beside the base's, as a gate takes them. */
export interface Pairing {
  readonly pairs: readonly PairedCase[]
  /** Cases that compare nothing, with the reason. */
  readonly excluded: readonly ExcludedCase[]
  /** Cases among the excluded on which the candidate diverged, with that as what its trials came to. */
  readonly diverged: readonly PairedCase[]
}

/** A case that compares nothing. */
export interface ExcludedCase {
  /** Id of the case. */
  readonly case: string
  /** How its trial ended. */
  readonly outcome: Trial['outcome']
  /** Why it compares nothing, in a sentence. */
  readonly reason: string
}

/** What a trial takes of what guards can watch, by name; no value where it does not tell. */
export const amountsOf: { readonly [name: string]: (trial: Trial) => number | null } = {
  costUsd: ({ costUsd }) => costUsd,
  // What takes no time has no ratio.
  latencyMs: ({ latencyMs }) => (latencyMs === 0 ? null : latencyMs),
  tokens: ({ inputTokens, outputTokens }) => inputTokens + outputTokens,
}

const withoutScore: { readonly [Outcome in Trial['outcome']]?: NoScore } = {
  done: 'no score',
  failed: 'crashed',
  crashed: 'crashed',
  'out of memory': 'crashed',
  'bad output': 'crashed',
  'timed out': 'timed out',
  diverged: 'diverged',
}

/** Pairs the trials of a candidate with those of the base, case by case. Cases without a trial on a side are left out. */
export function pairTrials(
  trials: readonly Trial[],
  cases: ReadonlyMap<string, Case>,
  candidate: string,
): Pairing {
  const sides = new Map<string, { base: Trial[]; candidate: Trial[] }>()
  for (const trial of trials) {
    const side =
      trial.candidate === baseId ? 'base' : trial.candidate === candidate ? 'candidate' : undefined
    if (!side) continue
    const entry = sides.get(trial.case) ?? { base: [], candidate: [] }
    entry[side].push(trial)
    sides.set(trial.case, entry)
  }
  const pairs: PairedCase[] = []
  const excluded: ExcludedCase[] = []
  const diverged: PairedCase[] = []
  for (const [id, { base, candidate: own }] of sides) {
    const unusable = [...base, ...own].find(({ outcome }) => !withoutScore[outcome])
    if (unusable) {
      const { outcome, reason } = unusable
      excluded.push({ case: id, outcome, reason: reason ?? outcome })
      continue
    }
    const group = cases.get(id)?.group
    if (base.length === 0 || own.length === 0) continue
    const unjudged = unjudgedReason([...base, ...own])
    if (unjudged !== undefined) {
      excluded.push({ case: id, outcome: 'done', reason: unjudged })
      continue
    }
    const pair = {
      case: id,
      ...(group === undefined ? {} : { group }),
      base: base.map(scored),
      candidate: own.map(scored),
      guards: guardValues(base, own),
    }
    // Where a replay ended is no fault of either side, and no merit.
    const ended = [...base, ...own].find(({ outcome }) => outcome === 'diverged')
    if (!ended) {
      pairs.push(pair)
      continue
    }
    excluded.push({ case: id, outcome: 'diverged', reason: ended.reason ?? 'diverged' })
    if (own.some(({ outcome }) => outcome === 'diverged')) diverged.push(pair)
  }
  return { pairs, excluded, diverged }
}

/**
 * Why a case tells nothing: no guide could judge any of its trials, as where it has no reference. One side alone without a
 * score is that side's fault.
 */
function unjudgedReason(trials: readonly Trial[]): string | undefined {
  if (trials.some(({ outcome, score }) => outcome !== 'done' || score !== null)) return undefined
  const error = trials.flatMap(({ scores }) => scores.flatMap((one) => one.error ?? [])).at(0)
  return error ?? 'no guide gave a score'
}

/**
 * Whether what can be judged was chosen by how the base did: cases of stored runs have a reference where somebody corrected
 * them, and the others have none.
 */
export function isCorrectedOnly(
  excluded: readonly ExcludedCase[],
  pairs: readonly PairedCase[],
  cases: ReadonlyMap<string, Case>,
): boolean {
  const unjudged = excluded.filter(({ outcome }) => outcome === 'done')
  const of = (some: readonly { readonly case: string }[]) =>
    some.flatMap(({ case: id }) => cases.get(id) ?? [])
  return of(unjudged).some(lacksCorrection) && of(pairs).some(isCorrected)
}

/** Whether a case of a stored run has no reference, as where nobody corrected the run. */
export function lacksCorrection({ run, reference }: Case): boolean {
  return run !== null && reference === null
}

export function isCorrected({ metadata }: Case): boolean {
  return metadata[caseMetadata.referenceFrom] === 'correction'
}

function scored({ score, outcome }: Trial): Scored {
  return score ?? withoutScore[outcome] ?? 'no score'
}

/** What guards can watch on a case: what its trials took, and what each guide said. */
function guardValues(
  base: readonly Trial[],
  candidate: readonly Trial[],
): NonNullable<PairedCase['guards']> {
  const guides = new Set(
    [...base, ...candidate].flatMap(({ scores }) => scores.map(({ guide }) => guide)),
  )
  const ofGuides = [...guides].map((name): [string, PairedValues] => {
    const scoresOf = (trials: readonly Trial[]) =>
      trials.flatMap(({ scores }) => scores.find(({ guide }) => guide === name)?.score ?? [])
    return [name, { base: scoresOf(base), candidate: scoresOf(candidate) }]
  })
  const amounts = Object.entries(amountsOf).map(([name, value]): [string, PairedValues] => [
    name,
    pairedValues(base, candidate, value),
  ])
  return Object.fromEntries([...ofGuides, ...amounts])
}

function pairedValues(
  base: readonly Trial[],
  candidate: readonly Trial[],
  value: (trial: Trial) => number | null,
): PairedValues {
  // A trial that failed tells nothing of what one takes. One that another experiment ran tells what it took there.
  const valuesOf = (trials: readonly Trial[]) =>
    trials.flatMap((trial) => {
      const known = trial.outcome === 'done' ? value(trial) : null
      return known === null ? [] : [known]
    })
  return { base: valuesOf(base), candidate: valuesOf(candidate) }
}

import { raise } from '../../errors.ts'
import type { Direction, MissingPolicy, NoScore, PairedCase, Scale, Trial } from './paired-case.ts'
import { checkOnScale } from './scale.ts'

/** By how much the candidate is better on a case, between the least and the most that it can be. */
export interface CaseOutcome {
  readonly case: string
  readonly group: string
  readonly atLeast: number
  readonly atMost: number
  /** The scores there are, for the noise of repeats. */
  readonly scores: { readonly base: readonly number[]; readonly candidate: readonly number[] }
  readonly missing: { readonly base: readonly NoScore[]; readonly candidate: readonly NoScore[] }
}

const reasons: ReadonlySet<unknown> = new Set<NoScore>([
  'crashed',
  'timed out',
  'diverged',
  'no score',
])

/**
 * Averages the repeats of each side. Where less is better, scores are turned round within their scale.
 *
 * @throws T2_SCORE_SCALE, T2_SCORE_MISSING
 */
export function outcomeOf(
  paired: PairedCase,
  scale: Scale,
  policy: MissingPolicy,
  better: Direction,
): CaseOutcome {
  const base = side(paired, 'base', scale, better)
  const candidate = side(paired, 'candidate', scale, better)
  const mean = ({ scores, missing }: Side, instead: number) =>
    (scores.reduce((sum, score) => sum + score, 0) + missing.length * instead) /
    (scores.length + missing.length)
  const worstOfBase = policy === 'worst score' ? scale.min : scale.max
  const bestOfCandidate = policy === 'worst score' ? scale.min : scale.max
  return {
    case: paired.case,
    group: paired.group ?? paired.case,
    atLeast: mean(candidate, scale.min) - mean(base, worstOfBase),
    atMost: mean(candidate, bestOfCandidate) - mean(base, scale.min),
    scores: { base: base.scores, candidate: candidate.scores },
    missing: { base: base.missing, candidate: candidate.missing },
  }
}

interface Side {
  readonly scores: readonly number[]
  readonly missing: readonly NoScore[]
}

function side(
  paired: PairedCase,
  name: 'base' | 'candidate',
  scale: Scale,
  better: Direction,
): Side {
  const trials: readonly unknown[] = paired[name]
  const of = `${JSON.stringify(paired.case)} (${name})`
  if (!Array.isArray(trials) || trials.length === 0) {
    throw raise('T2_SCORE_MISSING', `The case ${of} has no trial.`)
  }
  const missing = trials.filter(isNoScore)
  const scores = trials.filter((trial) => !isNoScore(trial))
  const read = (score: unknown) => {
    const value = checkOnScale(score, scale, `A score of ${of}`)
    return better === 'higher' ? value : scale.min + scale.max - value
  }
  return { missing, scores: scores.map(read) }
}

export function isNoScore(trial: unknown): trial is Exclude<Trial, number> {
  return reasons.has(trial)
}

import type { CaseOutcome } from './cases/outcome.ts'
import { casesNeeded } from './planning.ts'
import { Moments } from './sequence/moments.ts'

/**
 * How much the scores of one case vary from trial to trial, and how many repeats this asks for. Variances are in
 * squared units of the score.
 */
export interface Noise {
  /** Variance of the score of one trial around the mean of its case, for the base. */
  readonly withinBase: number
  /** Variance of the score of one trial around the mean of its case, for the candidate. */
  readonly withinCandidate: number
  /** Variance of the true differences of the cases. */
  readonly between: number
  /** Number of cases that were repeated. The variances within a case rest on these. */
  readonly repeatedCases: number
  /** Number of trials that each side of a case should get. */
  readonly repeats: number
  /** Number of cases that are needed with this number of repeats. */
  readonly cases: number
}

/** What a number of repeats is chosen for. */
export interface RepeatsPlan {
  readonly worth: number
  readonly width: number
  readonly alpha: number
  readonly affordable: number
}

const mostRepeats = 10
/** A further repeat that saves fewer of the cases than this share is not worth its trials. */
const worthwhile = 0.05

/** Collects the variance within and between cases (one-way analysis of variance, by its method of moments). */
export class NoiseMeter {
  readonly #sides = { base: new Pooled(), candidate: new Pooled() }
  readonly #differences = new Moments()
  #inverseRepeats = { base: 0, candidate: 0 }
  #repeated = 0

  add({ scores: { base, candidate } }: CaseOutcome): void {
    if (base.length > 1 || candidate.length > 1) this.#repeated++
    const mean = {
      base: this.#sides.base.add(base),
      candidate: this.#sides.candidate.add(candidate),
    }
    if (base.length === 0 || candidate.length === 0) return
    this.#differences.add(mean.candidate - mean.base)
    this.#inverseRepeats.base += 1 / base.length
    this.#inverseRepeats.candidate += 1 / candidate.length
  }

  /**
   * @returns nothing where noise cannot be told from differences of cases: no case was repeated on one of the sides, or
   *   no case has scores on both.
   */
  measure(plan: RepeatsPlan): Noise | undefined {
    const { base, candidate } = this.#sides
    const cases = this.#differences.count
    if (base.degrees === 0 || candidate.degrees === 0 || cases === 0) return undefined
    const explained =
      (base.variance * this.#inverseRepeats.base +
        candidate.variance * this.#inverseRepeats.candidate) /
      cases
    const between = Math.max(this.#differences.variance - explained, 0)
    return {
      withinBase: base.variance,
      withinCandidate: candidate.variance,
      between,
      repeatedCases: this.#repeated,
      ...repeatsFor(base.variance + candidate.variance, between, plan),
    }
  }
}

/**
 * Returns the smallest number of repeats with which the affordable cases are enough. If no number is enough, it returns
 * the largest one that still saves cases.
 *
 * @param within variance of a difference of single trials on one case.
 */
export function repeatsFor(
  within: number,
  between: number,
  { worth, width, alpha, affordable }: RepeatsPlan,
): { readonly repeats: number; readonly cases: number } {
  const needed = (repeats: number) => {
    const deviation = Math.sqrt(between + within / repeats) / width
    return casesNeeded({ effect: worth / width, deviation: Math.max(deviation, 1e-6), alpha })
  }
  let repeats = 1
  let cases = needed(repeats)
  while (cases > affordable && repeats < mostRepeats) {
    const next = needed(repeats + 1)
    if (cases - next < worthwhile * cases) break
    repeats++
    cases = next
  }
  return { repeats, cases }
}

/** A variance pooled over cases. */
class Pooled {
  #squares = 0
  degrees = 0

  /** @returns the mean of the scores. */
  add(scores: readonly number[]): number {
    const moments = new Moments()
    for (const score of scores) moments.add(score)
    this.#squares += moments.variance * Math.max(scores.length - 1, 0)
    this.degrees += Math.max(scores.length - 1, 0)
    return moments.mean
  }

  get variance(): number {
    return this.degrees === 0 ? 0 : this.#squares / this.degrees
  }
}

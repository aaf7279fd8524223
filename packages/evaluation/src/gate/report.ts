import type { NoScore } from './cases/paired-case.ts'
import type { GuardReport } from './guards/guard.ts'
import type { Noise } from './noise.ts'

export type Verdict = 'better' | 'worse' | 'no difference worth it' | 'not enough evidence'

/** How the cases of a report are related to the candidate. */
export type Basis =
  /** No decision and no choice has read them. */
  | 'fresh'
  /** Decisions on other candidates have read some of them; the error budget has paid for it. */
  | 'reused'
  /** The candidate was chosen by how it did on them, so it looks better on them than it is. */
  | 'chose the candidate'

/** The mean difference, candidate minus base, in units of the score. Where less is better, a gain is below 0. */
export interface Estimate {
  /** Of the groups seen. With trials that count both ways, the middle between both. */
  readonly mean: number
  /** Exceeded by the true mean at every look, but for an error of `alpha`; so the other way for `upper`. */
  readonly lower: number
  readonly upper: number
  readonly alpha: number
  readonly basis: Basis
}

export interface Counts {
  readonly looks: number
  readonly groups: number
  readonly cases: number
  readonly trials: { readonly base: number; readonly candidate: number }
  /** The fewest and the most trials of a side of a case. */
  readonly repeats: { readonly fewest: number; readonly most: number }
  /** Trials without a score, by reason. */
  readonly missing: {
    readonly base: Readonly<Partial<Record<NoScore, number>>>
    readonly candidate: Readonly<Partial<Record<NoScore, number>>>
  }
}

/** How many more cases a decision needs, and whether they are affordable. */
export interface MoreCases {
  readonly groups: number
  /** By the cases that a group has had so far. */
  readonly cases: number
  /**
   * What is shown then: that the candidate is better, with the probability `power` if it is by `worth`; or that the guards
   * are kept, if they go on as they did.
   */
  readonly toShow: 'better' | 'guards kept'
  readonly power: number
  readonly affordable: boolean
}

export interface GateReport {
  readonly verdict: Verdict
  /** Why, in sentences. */
  readonly why: readonly string[]
  /** Whether further cases are worth their price. Stopping early never makes a verdict wrong. */
  readonly advice: 'decided' | 'go on' | 'stop'
  /** The effect of the candidate. Absent where the cases chose it: what they show is not its effect. */
  readonly effect: Estimate | undefined
  /** What the cases that chose the candidate show. Biased upwards by the choice. */
  readonly onChoosingCases: Estimate | undefined
  readonly guards: readonly GuardReport[]
  readonly counts: Counts
  readonly more: MoreCases | undefined
  /** Evidence that the candidate is better, for `betterOfSeveral`: 1 is none. */
  readonly eValue: number
  readonly noise: Noise | undefined
}

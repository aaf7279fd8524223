import type { NoScore } from './cases/paired-case.ts'
import type { GuardReport } from './guards/guard.ts'
import type { Noise } from './noise.ts'

/** What a gate says of a candidate, compared with the base. */
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
  /** The mean difference of the groups seen. If trials count both ways, the middle between both. */
  readonly mean: number
  /** Lower limit of the true mean difference. It holds at all looks together, but for an error probability of `alpha`. */
  readonly lower: number
  /** Upper limit of the true mean difference. It holds at all looks together, but for an error probability of `alpha`. */
  readonly upper: number
  /** Error probability of each limit. */
  readonly alpha: number
  /** How the cases are related to the candidate. */
  readonly basis: Basis
}

/** How much a gate has seen. */
export interface Counts {
  /** Number of looks. */
  readonly looks: number
  /** Number of groups. */
  readonly groups: number
  /** Number of cases. */
  readonly cases: number
  /** Number of trials of each side. */
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
  /** Number of groups. */
  readonly groups: number
  /** Number of cases, at the number of cases that a group has had so far. */
  readonly cases: number
  /**
   * What is shown then: that the candidate is better, with the probability `power` if it is by `worth`; or that the guards
   * are kept, if they go on as they did.
   */
  readonly toShow: 'better' | 'guards kept'
  /** Probability that this is shown. */
  readonly power: number
  /** Whether as many groups are left as one can afford. */
  readonly affordable: boolean
}

/** What a gate knows and says after a look. */
export interface GateReport {
  /** What the gate says of the candidate. */
  readonly verdict: Verdict
  /** The reasons for the verdict, in sentences. */
  readonly why: readonly string[]
  /** Whether further cases are worth their price. Stopping early never makes a verdict wrong. */
  readonly advice: 'decided' | 'go on' | 'stop'
  /** The effect of the candidate. Absent where the cases chose it: what they show is not its effect. */
  readonly effect: Estimate | undefined
  /** What the cases that chose the candidate show. Biased upwards by the choice. */
  readonly onChoosingCases: Estimate | undefined
  /** What each guard says. */
  readonly guards: readonly GuardReport[]
  /** How much the gate has seen. */
  readonly counts: Counts
  /** How many more cases a decision needs; `undefined` if it needs none or if more cases do not help. */
  readonly more: MoreCases | undefined
  /** Evidence that the candidate is better, for `betterOfSeveral`: 1 is none. */
  readonly eValue: number
  /** How much scores vary between repeats of a case; `undefined` if no case was repeated. */
  readonly noise: Noise | undefined
}

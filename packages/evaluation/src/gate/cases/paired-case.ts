/** Why a trial has no score. */
export type NoScore = 'crashed' | 'timed out' | 'diverged' | 'no score'

/** What came of one trial: its score, or why there is none. */
export type Trial = number | NoScore

/** The values of one quantity on a case: for each side, one for each trial that has one. */
export interface PairedValues {
  readonly base: readonly number[]
  readonly candidate: readonly number[]
}

/** One case of a dataset, run with the base and with the candidate. */
export interface PairedCase {
  readonly case: string
  /**
   * The group of the case. Cases of one group move together: those of a session, or near-duplicates. Default: a group
   * by itself.
   */
  readonly group?: string
  /** The trials of the base. Several trials are repeats of one case, not several cases. */
  readonly base: readonly Trial[]
  /** The trials of the candidate. */
  readonly candidate: readonly Trial[]
  /** What the guards watch, by their names. */
  readonly guards?: Readonly<Record<string, PairedValues>>
}

/** The bounds of a score. */
export interface Scale {
  readonly min: number
  readonly max: number
}

/** Which scores are better. */
export type Direction = 'higher' | 'lower'

/** How a trial without a score counts. */
export type MissingPolicy =
  /** As the worst score, for the side that it is missing on. */
  | 'worst score'
  /** As any score: the lower limit takes what is worst for the candidate, the upper one what is best for it. */
  | 'both ways'

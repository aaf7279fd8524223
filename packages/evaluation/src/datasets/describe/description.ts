import type { DatasetVersion, Split } from '@trace2/store'

/** What a dataset consists of, and what it is not good for. */
export interface DatasetDescription extends Omit<DatasetVersion, 'counts'> {
  /** Number of cases. */
  readonly cases: number
  /** Number of groups. */
  readonly groups: number
  /** Number of cases that have a reference. */
  readonly references: number
  /** The parts of the dataset. */
  readonly splits: readonly SplitDescription[]
  /** What was said of the runs that cases come from. The most frequent name is first. */
  readonly feedback: readonly FeedbackKind[]
  /** Numbers of cases that were chosen by how their runs went. The key is what they were chosen by. */
  readonly chosenBy: { readonly [by: string]: number }
  /** Number of cases in the largest group. */
  readonly largestGroup: number
  /** What the dataset is not good for. */
  readonly warnings: readonly DatasetWarning[]
}

/** What one part of a dataset consists of. */
export interface SplitDescription {
  /** The part. */
  readonly split: Split
  /** Number of cases. */
  readonly cases: number
  /** Number of groups. */
  readonly groups: number
  /** Number of cases that have a reference. */
  readonly references: number
  /** Number of cases whose run was given feedback. */
  readonly judged: number
  /** Number of cases whose run had a score. */
  readonly scored: number
  /** Mean of these scores; `null` if there is none. */
  readonly meanScore: number | null
  /** Variance of these scores; `null` if there are too few. */
  readonly scoreVariance: number | null
  /** Number of groups that a gate can decide on: none of their cases was chosen by how its run went. */
  readonly fairGroups: number
}

/** How much feedback there is under one name. */
export interface FeedbackKind {
  /** Name of the feedback. */
  readonly name: string
  /** Number of pieces. */
  readonly pieces: number
  /** Number of cases whose run has such feedback. */
  readonly cases: number
}

/** What a dataset is not good for. */
export interface DatasetWarning {
  /** Stable name of the warning. */
  readonly kind:
    | 'one case'
    | 'one group'
    | 'large group'
    | 'no references'
    | 'empty split'
    | 'chosen by outcome'
    | 'small holdout'
    | 'unequal splits'
  /** What is wrong and what to do about it, in a sentence or two. */
  readonly message: string
}

import type { DatasetVersion, Split } from '@trace2/store'

/** What a dataset consists of, and what it is not good for. */
export interface DatasetDescription extends Omit<DatasetVersion, 'counts'> {
  readonly cases: number
  readonly groups: number
  readonly references: number
  readonly splits: readonly SplitDescription[]
  /** What was said of the runs that cases come from, the most frequent name first. */
  readonly feedback: readonly FeedbackKind[]
  /** Cases that were chosen by how their runs went, by what they were chosen by. */
  readonly chosenBy: { readonly [by: string]: number }
  /** Cases of the largest group. */
  readonly largestGroup: number
  readonly warnings: readonly DatasetWarning[]
}

export interface SplitDescription {
  readonly split: Split
  readonly cases: number
  readonly groups: number
  readonly references: number
  /** Cases whose run was given feedback. */
  readonly judged: number
  /** Cases whose run had a score, and the mean and variance of these scores. */
  readonly scored: number
  readonly meanScore: number | null
  readonly scoreVariance: number | null
  /** Groups with no case that was chosen by how its run went: those that a gate can decide on. */
  readonly fairGroups: number
}

export interface FeedbackKind {
  readonly name: string
  readonly pieces: number
  readonly cases: number
}

/** What a dataset is not good for. */
export interface DatasetWarning {
  readonly kind:
    | 'one case'
    | 'one group'
    | 'large group'
    | 'no references'
    | 'empty split'
    | 'chosen by outcome'
    | 'small holdout'
    | 'unequal splits'
  /** In a sentence or two, with what to do. */
  readonly message: string
}

import type { Json, ParameterValue } from '@trace2/core'
import type { Batch, Measures } from '../batch/index.ts'

/** What an optimizer is asked: which variables, seen in which runs, to which end. */
export interface Problem {
  readonly variables: readonly Variable[]
  readonly batch: Batch
  /** What the new values are to achieve, in words. */
  readonly objective: string
  /** What the agent is for, if its owner said so. */
  readonly context?: string
  /** Values that were in force or proposed before, the present ones among them, and what came of them. */
  readonly attempts?: readonly Attempt[]
  /** What the names of the feedback mean. */
  readonly measures?: Measures
}

/** Values of the variables that were tried together. */
export interface Attempt {
  readonly values: ReadonlyMap<string, Json>
  /** Whether these are the present values. */
  readonly present?: boolean
  /** Mean score under the objective of the runs made with them, from 0 (worst) to 1 (best), or `null`. */
  readonly score: number | null
  /** The same under each name of feedback, over the runs that have it. */
  readonly scores?: readonly AttemptScore[]
  readonly runs: number
  /** What became of them, in words: `rejected: too long`. */
  readonly note: string
}

export interface AttemptScore {
  readonly name: string
  readonly mean: number
  readonly runs: number
}

/** A parameter under optimization. */
export interface Variable extends Omit<ParameterValue, 'trainable'> {
  /** What a proposed value passes through before it is checked. */
  readonly projection?: Projection
  /** Says what else is wrong with a value that fits the schema, where the program can tell. */
  readonly findFault?: (value: unknown) => string | undefined
}

/** Brings a proposed value into form: trims, clamps, rounds it. A parameter of the agent's own code is one. */
export interface Projection {
  project(value: Json): unknown
}

/** The objective where none is given. */
export const defaultObjective =
  'Find values for the variables with which the program would have earned better feedback on these runs and would earn it on others like them.'

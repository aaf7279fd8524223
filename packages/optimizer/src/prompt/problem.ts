import type { Json, ParameterValue } from '@trace2/core'
import type { Batch, Measures } from '../batch/index.ts'

/** What an optimizer is asked: which variables, seen in which runs, to which end. */
export interface Problem {
  /** The parameters under optimization. */
  readonly variables: readonly Variable[]
  /** The runs to learn from, with their feedback. */
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
  /** The values, by the name of the variable. */
  readonly values: ReadonlyMap<string, Json>
  /** Whether these are the present values. */
  readonly present?: boolean
  /** Mean score under the objective of the runs made with them, from 0 (worst) to 1 (best), or `null`. */
  readonly score: number | null
  /** Mean scores under each name of feedback, over the runs that have one. */
  readonly scores?: readonly AttemptScore[]
  /** Number of runs made with these values. */
  readonly runs: number
  /** What became of them, in words: `rejected: too long`. */
  readonly note: string
}

/** Mean score under one name of feedback. */
export interface AttemptScore {
  /** Name of the feedback. */
  readonly name: string
  /** Mean score, from 0 (worst) to 1 (best). */
  readonly mean: number
  /** Number of runs with a score under this name. */
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
  /** Returns the value in form. */
  project(value: Json): unknown
}

/** The objective where none is given. */
export const defaultObjective =
  'Find values for the variables with which the program would have earned better feedback on these runs and would earn it on others like them.'

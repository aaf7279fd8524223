import type { Json } from '@trace2/instrumentation/semconv'
import type { Batch } from '../batch/index.ts'

/** What an optimizer is asked: which variables, seen in which runs, to which end. */
export interface Problem {
  readonly variables: readonly Variable[]
  readonly batch: Batch
  /** What the new values are to achieve, in words. */
  readonly objective: string
  /** What the agent is for, if its owner said so. */
  readonly context?: string
  /** Other values that were in force or proposed before, and what came of them. */
  readonly attempts?: readonly Attempt[]
}

/** Values of some variables other than the present ones. */
export interface Attempt {
  readonly values: ReadonlyMap<string, Json>
  /** Mean score of the runs made with them, or `null`. */
  readonly score: number | null
  readonly runs: number
  /** What became of them, in words: `rejected: too long`. */
  readonly note: string
}

/** A parameter under optimization. */
export interface Variable {
  readonly name: string
  readonly version: string
  readonly value: Json
  readonly description: string
  /** JSON schema, or `null` where only the type of the present value is known. */
  readonly schema: Json
  /** What a proposed value passes through before it is checked. */
  readonly projection?: Projection
  /** Says what else is wrong with a value that fits the schema, where the program can tell. */
  readonly findFault?: (value: unknown) => string | undefined
}

/** Brings a proposed value into form: trims, clamps, rounds it. A parameter of the agent's own code is one. */
export interface Projection {
  project(value: Json): unknown
}

/** Sections of an optimizer's prompt, in order; `Attempts` only where there are any. */
export const SECTIONS = [
  'Instruction',
  'Code',
  'Documentation',
  'Variables',
  'Attempts',
  'Inputs',
  'Others',
  'Outputs',
  'Feedback',
] as const

export type Section = (typeof SECTIONS)[number]

/** The objective where none is given. */
export const defaultObjective =
  'Find values for the variables with which the program would have earned better feedback on these runs and would earn it on others like them.'

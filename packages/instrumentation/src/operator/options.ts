import type { ContentOptions } from '../content/settings.ts'

/** The kind of step that other observability tools show: one of OpenInference's span kinds. */
export type StepKind =
  | 'agent'
  | 'chain'
  | 'embedding'
  | 'evaluator'
  | 'guardrail'
  | 'llm'
  | 'prompt'
  | 'reranker'
  | 'retriever'
  | 'tool'

/** Options of a recorded function, for `bundle` and `run`. */
export interface OperatorOptions extends ContentOptions {
  /** The purpose of the operator in words, which the optimizer's model reads. Default: the comment of the function. */
  readonly description?: string | undefined
  /**
   * Names of the arguments, in order; inputs are recorded under them. Default: the names in the source of the function. A
   * minifier changes those.
   */
  readonly inputs?: readonly string[] | undefined
  /** The kind of the step, for other observability tools. Default `chain`, and `agent` for a run. */
  readonly step?: StepKind | undefined
  /**
   * Whether the operator changes anything outside the program, such as sending a mail or charging a card. A replay never
   * executes such an operator. Default: `true` for the step `tool`, otherwise `false`.
   */
  readonly sideEffects?: boolean | undefined
  /**
   * Names of inputs whose differences do not matter, such as a request id. A replay does not compare them.
   */
  readonly volatile?: readonly string[] | undefined
  /**
   * What happens if the function reads a parameter that was not passed to it. `record`, the default, records a use.
   * `refuse` makes the call fail, so that all inputs of the operator are in its signature.
   */
  readonly undeclaredParameters?: 'record' | 'refuse' | undefined
  /** Makes `.node(…)` return a node for an error (see {@link Node.error}) instead of throwing it. Default `false`. */
  readonly catchErrors?: boolean | undefined
  /**
   * Returns the id of the conversation, given the arguments of a call. It becomes `session.id` of the span. A method, so
   * that it may name the types that its function has.
   */
  session?(...args: readonly unknown[]): string | undefined
}

/** Any function. It is a constraint for type parameters. */
export type AnyFunction = (...args: never[]) => unknown

/** What is given to a trainable function, by the name under which its source uses it. */
export type CodeUses = Readonly<Record<string, unknown>>

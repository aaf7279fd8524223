import type { ContentOptions } from '../content/settings.ts'

/** What kind of step other observability tools should show an operator as (OpenInference's span kinds). */
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

export interface OperatorOptions extends ContentOptions {
  /** What the operator does, for the optimizer's model. Default: the function's comment. */
  readonly description?: string
  /**
   * Names of the arguments, under which what they are given is recorded. Default: as in the function's source, which a
   * minifier changes.
   */
  readonly inputs?: readonly string[]
  /** Default `chain`, and `agent` for a run. */
  readonly step?: StepKind
  /**
   * Whether the operator changes anything outside of the program: it sends a mail, it charges a card. A replay never
   * executes one that does. Default: a `step` of kind `tool` does, any other does not.
   */
  readonly sideEffects?: boolean
  /**
   * Names of inputs that differ from call to call without meaning anything, such as a request id: a replay does not
   * compare them.
   */
  readonly volatile?: readonly string[]
  /**
   * Whether the function may read the value of a parameter that was not passed to it. Default `record`: it may, and
   * that is recorded as a use. `refuse` makes it an error of the call, to keep an operator's inputs in its signature.
   */
  readonly undeclaredParameters?: 'record' | 'refuse'
  /** For `.node(…)`: an error becomes a node (see {@link Node.error}) instead of being thrown. Default `false`. */
  readonly catchErrors?: boolean
  /** Which conversation a call belongs to, from its arguments: the `session.id` of the span. */
  readonly session?: (...args: readonly unknown[]) => string | undefined
}

export type AnyFunction = (...args: never[]) => unknown

/** What is given to a trainable function, by the name under which its source uses it. */
export type CodeUses = Readonly<Record<string, unknown>>

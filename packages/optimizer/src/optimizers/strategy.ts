import type { Json } from '@trace2/core'
import type { Llm } from '@trace2/evaluation/llm'
import type { LlmCall } from '@trace2/store'
import type { Omitted, Problem, RenderedPrompt, Seen, Tokenizer } from '../prompt/index.ts'

/** A way to ask a model for better values. This is the only part in which optimizers differ. */
export interface Strategy {
  /** The name that proposals record as `optimizer`. */
  readonly name: string
  /** Asks for better values. Each suggestion is checked and stored as proposals. */
  propose(problem: Problem, tools: StrategyTools): Promise<readonly Suggestion[]>
}

/** What a strategy may use. */
export interface StrategyTools {
  /** Makes the model calls, within the limits of the step. */
  readonly llm: Llm
  /** Names of the models. */
  readonly models: Models
  /** Counts the tokens of a text. */
  readonly tokenizer: Tokenizer
  /** Limit of the tokens in one prompt. */
  readonly maxTokens: number
  /** Is called with each prompt that shows runs, before it is sent. */
  readonly onPrompt?: (prompt: RenderedPrompt) => void
}

/** The models for different work. A judge should not be the model whose work it judges. */
export interface Models {
  /** Name of the model that suggests values. */
  readonly strong: string
  /** Name of the model for many small questions, such as TextGrad's gradients. */
  readonly cheap: string
  /** Name of the model that chooses between candidates. */
  readonly judge: string
}

/**
 * The answer of a strategy: new values for some of the variables, by name. They are valid and differ from the present
 * values. If there are none, `reasoning` says why.
 */
export interface Suggestion {
  /** The new values, by the name of the variable. */
  readonly values: ReadonlyMap<string, Json>
  /** Why the model suggests them, in its own words. */
  readonly reasoning: string
  /** The model calls behind the suggestion. */
  readonly calls: readonly LlmCall[]
  /** What did not fit into the prompt. */
  readonly omitted: Omitted
  /** The runs and feedback that the prompts showed. Default: all runs and feedback of the problem. */
  readonly seen?: Seen
}

import type { Json } from '@trace2/core'
import type { Llm } from '@trace2/evaluation/llm'
import type { LlmCall } from '@trace2/store'
import type { Omitted, Problem, RenderedPrompt, Seen, Tokenizer } from '../prompt/index.ts'

/** A way of asking for better values. Optimizers differ in this and share everything else. */
export interface Strategy {
  /** As it stands in a proposal's `optimizer`. */
  readonly name: string
  propose(problem: Problem, tools: StrategyTools): Promise<readonly Suggestion[]>
}

export interface StrategyTools {
  readonly llm: Llm
  readonly models: Models
  readonly tokenizer: Tokenizer
  /** Tokens that one prompt may have. */
  readonly maxTokens: number
  /** Is told of each prompt that shows runs, before it is sent. */
  readonly onPrompt?: (prompt: RenderedPrompt) => void
}

/** Which model does what; a judge should not be the model whose work it judges. */
export interface Models {
  /** Suggests values. */
  readonly strong: string
  /** Many small questions, such as TextGrad's gradients. */
  readonly cheap: string
  /** Chooses between candidates. */
  readonly judge: string
}

/** New values for some of the variables, valid and different from the present ones; or none, and why not. */
export interface Suggestion {
  readonly values: ReadonlyMap<string, Json>
  readonly reasoning: string
  /** Model calls that led to it. */
  readonly calls: readonly LlmCall[]
  readonly omitted: Omitted
  /** The runs and feedback that the prompts behind it show. Default: all of the problem's. */
  readonly seen?: Seen
}

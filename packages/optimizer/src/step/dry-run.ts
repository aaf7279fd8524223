import type { ChatMessage, ChatRequest, Llm, PriceTable } from '../llm/index.ts'
import { costOf, defaultOutputTokens } from '../llm/index.ts'
import type { Strategy, StrategyTools } from '../optimizers/index.ts'
import type { Problem, Tokenizer } from '../prompt/index.ts'

/** What an optimizer would ask first, and what that call would cost. */
export interface Preview {
  readonly messages: readonly ChatMessage[]
  /** Tokens of the messages. */
  readonly tokens: number
  /** Price of the prompt alone, and with the longest answer allowed; `null` where no price is known. */
  readonly promptCostUsd: number | null
  readonly maxCostUsd: number | null
}

/** Runs a strategy up to its first question, and shows that instead of asking it. */
export async function previewOf(
  strategy: Strategy,
  problem: Problem,
  tools: Omit<StrategyTools, 'llm'>,
  prices?: PriceTable,
): Promise<Preview> {
  const asked: ChatRequest[] = []
  const stop = new Error('dry run')
  const llm: Llm = {
    spent: { calls: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 },
    fail: async () => {},
    call(_purpose, request) {
      asked.push(request)
      return Promise.reject(stop)
    },
  }
  try {
    await strategy.propose(problem, { ...tools, llm })
  } catch (error) {
    if (error !== stop) throw error
  }
  const first = asked[0]
  const tokens = first ? countMessages(first.messages, tools.tokenizer) : 0
  const output = first?.maxOutputTokens ?? defaultOutputTokens
  const model = first?.model ?? tools.models.strong
  return {
    messages: first?.messages ?? [],
    tokens,
    promptCostUsd: costOf(model, tokens, 0, prices),
    maxCostUsd: costOf(model, tokens, output, prices),
  }
}

/** With what the chat format adds to each message and to the answer's start. */
function countMessages(messages: readonly ChatMessage[], tokenizer: Tokenizer): number {
  return messages.reduce((sum, { content }) => sum + tokenizer.count(content) + 4, 3)
}

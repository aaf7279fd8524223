export { type Asked, ask, defaultReasks, type Read } from './ask.ts'
export { asJson } from './json-answer.ts'
export { lenient } from './json-in-text.ts'
export { createLlm, defaultOutputTokens, type Llm, type LlmOptions } from './llm.ts'
export {
  defaultModel,
  dryRunModel,
  type EndpointOptions,
  type OpenAIClient,
  openaiClient,
  openaiTransport,
} from './openai.ts'
export type { RateLimits } from './pace.ts'
export {
  costOf,
  defaultPrices,
  type Price,
  type PriceTable,
  priceOf,
  pricesAsOf,
} from './prices.ts'
export { recordAnswers, replayAnswers } from './replay.ts'
export {
  type ChatAnswer,
  type ChatMessage,
  type ChatRequest,
  type ChatTransport,
  callIdOf,
} from './request.ts'
export type { SpendingLimits, Spent } from './spending.ts'

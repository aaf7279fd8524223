export type { LlmActivity } from './activity.ts'
export { type Asked, ask, defaultReasks, type Read } from './ask.ts'
export {
  defaultModel,
  dryRunModel,
  type EndpointOptions,
  type OpenAIClient,
  openaiClient,
} from './client.ts'
export { publishedContext } from './context.ts'
export { failureOf } from './failure.ts'
export { failureError } from './failure-error.ts'
export { asJson } from './json-answer.ts'
export { lenient } from './json-in-text.ts'
export {
  defaultOutputTokens,
  defaultPromptTokens,
  type ModelLimits,
  modelLimits,
  smallContext,
} from './limits.ts'
export { createLlm, type Llm, type LlmOptions } from './llm.ts'
export { openaiTransport } from './openai.ts'
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
  type ModelContext,
} from './request.ts'
export type { ModelSettings } from './settings.ts'
export type { SpendingLimits, Spent } from './spending.ts'

export * from './backward/index.ts'
export { type Batch, type BatchRun, type Group, makeBatch, type Shape } from './batch/index.ts'
export { optimizerErrors } from './errors.ts'
export * from './guides/index.ts'
export {
  type ChatAnswer,
  type ChatMessage,
  type ChatRequest,
  type ChatTransport,
  createLlm,
  defaultModel,
  defaultPrices,
  type EndpointOptions,
  type Llm,
  type LlmActivity,
  type LlmOptions,
  type ModelContext,
  type ModelLimits,
  type ModelSettings,
  type OpenAIClient,
  openaiClient,
  openaiTransport,
  type Price,
  type PriceTable,
  pricesAsOf,
  type RateLimits,
  recordAnswers,
  replayAnswers,
  type SpendingLimits,
  type Spent,
  smallContext,
} from './llm/index.ts'
export * from './optimizers/index.ts'
export {
  type Omitted,
  type Problem,
  type Projection,
  type RenderedPrompt,
  renderProblem,
  type Section,
  type Tokenizer,
  tokenizerFor,
  type Variable,
} from './prompt/index.ts'
export {
  type AcceptOptions,
  accept,
  type CurrentParameter,
  currentParameters,
  proposalMarks,
  readParametersFile,
  reject,
  rollback,
} from './proposals/index.ts'
export {
  defaultMaxTokens,
  type OptimizeOptions,
  optimize,
  type Preview,
  type Progress,
  type StepResult,
  type UnreachedParameter,
} from './step/index.ts'

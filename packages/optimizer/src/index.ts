export * from './backward/index.ts'
export { type Batch, type BatchRun, type Group, makeBatch, type Shape } from './batch/index.ts'
export {
  type ComparedScore,
  type ComparedVersion,
  type CompareOptions,
  type Comparison,
  compareVersions,
  type Interval,
  meanInterval,
  sharesName,
} from './compare/index.ts'
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
  type LlmOptions,
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
} from './llm/index.ts'
export * from './optimizers/index.ts'
export {
  type Omitted,
  type Problem,
  type Projection,
  type RenderedPrompt,
  renderProblem,
  type Section,
  type Seen,
  type Tokenizer,
  tokenizerFor,
  type Variable,
} from './prompt/index.ts'
export {
  type AcceptOptions,
  type Arm,
  accept,
  type Base,
  type CurrentParameter,
  currentParameters,
  type DeployedEntry,
  type DeployedValues,
  proposalMarks,
  readParametersFile,
  reject,
  rollback,
} from './proposals/index.ts'
export {
  type Amount,
  type ChosenVariable,
  defaultMaxTokens,
  type Objective,
  type OptimizeOptions,
  optimize,
  type Preview,
  type Progress,
  type StepResult,
  type UnreachedParameter,
} from './step/index.ts'

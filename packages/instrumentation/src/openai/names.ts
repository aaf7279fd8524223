/**
 * Attribute names of OpenTelemetry's conventions for generative AI and of OpenInference that a model call is written
 * with. A test compares them with the lists that the two projects publish.
 */
export const genAi = {
  operation: 'gen_ai.operation.name',
  provider: 'gen_ai.provider.name',
  conversation: 'gen_ai.conversation.id',
  outputType: 'gen_ai.output.type',
  requestModel: 'gen_ai.request.model',
  temperature: 'gen_ai.request.temperature',
  topP: 'gen_ai.request.top_p',
  topK: 'gen_ai.request.top_k',
  maxTokens: 'gen_ai.request.max_tokens',
  frequencyPenalty: 'gen_ai.request.frequency_penalty',
  presencePenalty: 'gen_ai.request.presence_penalty',
  seed: 'gen_ai.request.seed',
  stopSequences: 'gen_ai.request.stop_sequences',
  choiceCount: 'gen_ai.request.choice.count',
  stream: 'gen_ai.request.stream',
  encodingFormats: 'gen_ai.request.encoding_formats',
  dimensions: 'gen_ai.embeddings.dimension.count',
  responseId: 'gen_ai.response.id',
  responseModel: 'gen_ai.response.model',
  finishReasons: 'gen_ai.response.finish_reasons',
  timeToFirstChunk: 'gen_ai.response.time_to_first_chunk',
  inputTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  cachedTokens: 'gen_ai.usage.cache_read.input_tokens',
  reasoningTokens: 'gen_ai.usage.reasoning.output_tokens',
  inputMessages: 'gen_ai.input.messages',
  outputMessages: 'gen_ai.output.messages',
  systemInstructions: 'gen_ai.system_instructions',
  toolDefinitions: 'gen_ai.tool.definitions',
} as const

export const openAi = {
  apiType: 'openai.api.type',
  requestTier: 'openai.request.service_tier',
  responseTier: 'openai.response.service_tier',
  fingerprint: 'openai.response.system_fingerprint',
} as const

export const general = {
  serverAddress: 'server.address',
  serverPort: 'server.port',
  statusCode: 'http.response.status_code',
} as const

export const openInference = {
  model: 'llm.model_name',
  system: 'llm.system',
  provider: 'llm.provider',
  invocationParameters: 'llm.invocation_parameters',
  promptTokens: 'llm.token_count.prompt',
  completionTokens: 'llm.token_count.completion',
  totalTokens: 'llm.token_count.total',
  cachedTokens: 'llm.token_count.prompt_details.cache_read',
  reasoningTokens: 'llm.token_count.completion_details.reasoning',
  embeddingModel: 'embedding.model_name',
} as const

import type { Dialect } from './dialect.ts'

/** MLflow Tracing as it is exported over OTLP. Its attribute values are JSON texts. */
export const mlflow: Dialect = {
  name: 'mlflow',
  namesCalls: true,
  marks: ['mlflow.spanType', 'mlflow.spanInputs', 'mlflow.spanOutputs'],
  kind: ['mlflow.spanType'],
  kinds: { CHAT_MODEL: 'llm', WORKFLOW: 'chain', TASK: 'chain', UNKNOWN: 'chain', PARSER: 'chain' },
  implied: [],
  op: {},
  fields: {
    input: ['mlflow.spanInputs'],
    output: ['mlflow.spanOutputs'],
    tools: ['mlflow.chat.tools', 'mlflow.spanInputs#/tools'],
    promptName: ['mlflow.linkedPrompts#/0/name'],
    model: ['mlflow.llm.model', 'mlflow.spanInputs#/model', 'mlflow.spanOutputs#/model'],
    provider: ['mlflow.llm.provider'],
    inputTokens: ['mlflow.chat.tokenUsage#/input_tokens'],
    outputTokens: ['mlflow.chat.tokenUsage#/output_tokens'],
    cacheReadTokens: ['mlflow.chat.tokenUsage#/cache_read_input_tokens'],
    cacheWriteTokens: ['mlflow.chat.tokenUsage#/cache_creation_input_tokens'],
    reasoningTokens: [
      'mlflow.spanOutputs#/usage/completion_tokens_details/reasoning_tokens',
      'mlflow.spanOutputs#/usage/output_tokens_details/reasoning_tokens',
    ],
    totalTokens: ['mlflow.chat.tokenUsage#/total_tokens'],
    user: ['mlflow.trace.user'],
    costUsd: ['mlflow.llm.cost#/total_cost'],
    session: ['mlflow.trace.session'],
  },
}

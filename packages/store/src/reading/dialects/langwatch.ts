import type { Dialect } from './dialect.ts'

/** LangWatch's SDKs, which say of each value what it is: `{"type": "chat_messages", "value": […]}`. */
export const langwatch: Dialect = {
  name: 'langwatch',
  namesCalls: true,
  marks: ['langwatch.*'],
  kind: ['langwatch.span.type'],
  kinds: {
    rag: 'retriever',
    workflow: 'agent',
    component: 'chain',
    module: 'chain',
    span: 'chain',
    evaluation: 'evaluator',
  },
  implied: [],
  op: {},
  fields: {
    input: ['langwatch.input#/value', 'langwatch.input'],
    output: ['langwatch.output#/value', 'langwatch.output'],
    tools: ['langwatch.params#/tools'],
    promptName: ['langwatch.prompt.handle', 'langwatch.prompt.id'],
    // The number that a sender puts in OpenTelemetry's attributes is the later one.
    inputTokens: [
      'gen_ai.usage.input_tokens',
      'langwatch.metrics#/value/promptTokens',
      'langwatch.metrics#/promptTokens',
      'langwatch.metrics#/value/prompt_tokens',
      'langwatch.metrics#/prompt_tokens',
    ],
    outputTokens: [
      'gen_ai.usage.output_tokens',
      'langwatch.metrics#/value/completionTokens',
      'langwatch.metrics#/completionTokens',
      'langwatch.metrics#/value/completion_tokens',
      'langwatch.metrics#/completion_tokens',
    ],
    reasoningTokens: [
      'langwatch.metrics#/value/reasoningTokens',
      'langwatch.metrics#/reasoningTokens',
      'langwatch.metrics#/value/reasoning_tokens',
      'langwatch.metrics#/reasoning_tokens',
    ],
    costUsd: ['langwatch.metrics#/value/cost', 'langwatch.metrics#/cost'],
    session: [
      'langwatch.thread.id',
      'langwatch.thread_id',
      'langwatch.metadata#/thread_id',
      'langwatch.metadata#/threadId',
      'langwatch.langgraph.thread_id',
    ],
    user: [
      'langwatch.user.id',
      'langwatch.user_id',
      'langwatch.metadata#/user_id',
      'langwatch.metadata#/userId',
    ],
  },
  own: { session: ['metadata#/thread_id'], user: ['metadata#/user_id'] },
}

import type { Dialect } from './dialect.ts'

/** LangWatch's SDKs, which say of each value what it is: `{"type": "chat_messages", "value": […]}`. */
export const langwatch: Dialect = {
  name: 'langwatch',
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
    promptName: ['langwatch.prompt.handle', 'langwatch.prompt.id'],
    inputTokens: ['langwatch.metrics#/value/promptTokens', 'langwatch.metrics#/promptTokens'],
    outputTokens: [
      'langwatch.metrics#/value/completionTokens',
      'langwatch.metrics#/completionTokens',
    ],
    costUsd: ['langwatch.metrics#/value/cost', 'langwatch.metrics#/cost'],
    session: ['langwatch.thread.id', 'langwatch.thread_id'],
    user: ['langwatch.user.id', 'langwatch.user_id'],
  },
}

import type { Dialect } from './dialect.ts'

/** Traceloop OpenLLMetry: `traceloop.*`, `llm.*`, and the indexed `gen_ai.prompt.N` and `gen_ai.completion.N`. */
export const openllmetry: Dialect = {
  name: 'openllmetry',
  marks: ['traceloop.*', 'llm.request.type', 'llm.usage.total_tokens'],
  kind: ['traceloop.span.kind', 'llm.request.type', 'gen_ai.operation.name'],
  kinds: {
    workflow: 'agent',
    task: 'chain',
    chat: 'llm',
    completion: 'llm',
    text_completion: 'llm',
    embeddings: 'embedding',
    rerank: 'reranker',
    execute_tool: 'tool',
    invoke_agent: 'agent',
  },
  implied: [['gen_ai.request.model', 'llm']],
  op: {
    tool: ['traceloop.entity.name'],
    agent: ['traceloop.entity.name', 'gen_ai.agent.name', 'traceloop.workflow.name'],
    chain: ['traceloop.entity.name'],
  },
  fields: {
    // A model's span may have a decorator's input beside its messages.
    input: ['gen_ai.prompt.#', 'gen_ai.input.messages', 'traceloop.entity.input'],
    output: ['gen_ai.completion.#', 'gen_ai.output.messages', 'traceloop.entity.output'],
    tools: ['llm.request.functions.#'],
    template: ['traceloop.prompt.template'],
    variables: ['traceloop.prompt.template_variables.*'],
    promptName: ['traceloop.prompt.key', 'traceloop.prompt.managed.key'],
    inputTokens: ['llm.usage.prompt_tokens'],
    outputTokens: ['llm.usage.completion_tokens'],
    cacheReadTokens: ['llm.usage.cache_read_input_tokens'],
    cacheWriteTokens: ['llm.usage.cache_creation_input_tokens'],
    reasoningTokens: ['llm.usage.reasoning_tokens'],
    totalTokens: ['llm.usage.total_tokens'],
    session: [
      'traceloop.association.properties.session_id',
      'traceloop.association.properties.thread_id',
      'traceloop.association.properties.conversation_id',
      'traceloop.association.properties.chat_id',
    ],
    // LiteLLM has the user of the request.
    user: ['traceloop.association.properties.user_id', 'llm.user'],
  },
}

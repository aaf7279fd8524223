import { ATTR_OPENINFERENCE_KIND, ATTR_SESSION_ID } from '@trace2/core'
import type { Dialect } from './dialect.ts'

/** Arize OpenInference, `spec/semantic_conventions.md`. Some programs write a list as one JSON text. */
export const openinference: Dialect = {
  name: 'openinference',
  marks: [ATTR_OPENINFERENCE_KIND],
  kind: [ATTR_OPENINFERENCE_KIND],
  kinds: {},
  implied: [],
  op: { tool: ['tool.name'], agent: ['agent.name'] },
  fields: {
    input: [
      'llm.input_messages.#',
      'llm.prompts.#',
      'input.value',
      'reranker.query',
      'embedding.text',
    ],
    output: [
      'llm.output_messages.#',
      'llm.choices.#',
      'retrieval.documents.#',
      'reranker.output_documents.#',
      'output.value',
    ],
    tools: ['llm.tools.#', 'llm.invocation_parameters#/tools'],
    toolDescription: ['tool.description'],
    template: ['llm.prompt_template.template'],
    variables: ['llm.prompt_template.variables'],
    promptName: ['prompt.id'],
    caller: ['agent.name'],
    model: [
      'llm.response.model_name',
      'llm.model_name',
      'llm.request.model_name',
      'embedding.model_name',
    ],
    // Of Anthropic's client, the request has the instructions beside the messages.
    system: ['input.value#/system'],
    provider: ['llm.provider', 'llm.system'],
    inputTokens: ['llm.token_count.prompt'],
    outputTokens: ['llm.token_count.completion'],
    cacheReadTokens: [
      'llm.token_count.prompt_details.cache_read',
      'llm.token_count.prompt_details.cache_input',
    ],
    cacheWriteTokens: ['llm.token_count.prompt_details.cache_write'],
    reasoningTokens: ['llm.token_count.completion_details.reasoning'],
    totalTokens: ['llm.token_count.total'],
    user: ['user.id', 'metadata#/user_id', 'metadata#/userId'],
    costUsd: ['llm.cost.total'],
    session: [
      ATTR_SESSION_ID,
      'metadata#/session_id',
      'metadata#/thread_id',
      'metadata#/threadId',
      'metadata#/conversation_id',
    ],
    callId: ['tool.id', 'tool_call.id'],
  },
}

/** The same without the kind, as programs write it that have no instrumentation: after all dialects that say more. */
export const openinferenceBare: Dialect = {
  ...openinference,
  marks: [
    'llm.token_count.*',
    'llm.input_messages*',
    'llm.output_messages*',
    'llm.model_name',
    'retrieval.documents*',
    'embedding.model_name',
    'reranker.*',
  ],
  implied: [
    ['llm.input_messages*', 'llm'],
    ['llm.output_messages*', 'llm'],
    ['llm.model_name', 'llm'],
    ['retrieval.documents*', 'retriever'],
    ['embedding.model_name', 'embedding'],
    ['reranker.*', 'reranker'],
    ['llm.token_count.*', 'llm'],
  ],
}

import { ATTR_SESSION_ID } from '@trace2/instrumentation/semconv'

/** A convention that foreign spans are written in: how it is recognised and where it keeps what. */
export interface Dialect {
  readonly name: string
  /** A span is of this dialect if it has an attribute of one of these names, or one that starts with a `…*` name. */
  readonly marks: readonly string[]
  /** Keys that hold the kind of operation, and what its values are called here. */
  readonly opKind: readonly string[]
  readonly opKinds: Readonly<Record<string, string>>
  /** Keys of a name that is more stable than the span's, by kind of operation. */
  readonly opName: Readonly<Record<string, readonly string[]>>
  readonly input: readonly string[]
  readonly output: readonly string[]
}

/** Foreign dialects, the more specific first. */
export const dialects: readonly Dialect[] = [
  {
    name: 'openinference',
    marks: ['openinference.span.kind'],
    opKind: ['openinference.span.kind'],
    opKinds: {
      LLM: 'llm',
      TOOL: 'tool',
      AGENT: 'agent',
      CHAIN: 'chain',
      RETRIEVER: 'retriever',
      RERANKER: 'reranker',
      EMBEDDING: 'embedding',
      GUARDRAIL: 'guardrail',
      EVALUATOR: 'evaluator',
      PROMPT: 'prompt',
    },
    opName: { tool: ['tool.name'], agent: ['agent.name'] },
    input: ['llm.input_messages.*', 'input.value'],
    output: ['llm.output_messages.*', 'output.value'],
  },
  {
    name: 'gen_ai',
    marks: ['gen_ai.operation.name', 'gen_ai.provider.name', 'gen_ai.input.messages'],
    opKind: ['gen_ai.operation.name'],
    opKinds: {
      chat: 'llm',
      generate_content: 'llm',
      text_completion: 'llm',
      embeddings: 'embedding',
      retrieval: 'retriever',
      execute_tool: 'tool',
      create_agent: 'agent',
      invoke_agent: 'agent',
      invoke_workflow: 'chain',
      plan: 'chain',
    },
    opName: { tool: ['gen_ai.tool.name'], agent: ['gen_ai.agent.name'] },
    input: ['gen_ai.input.messages', 'gen_ai.tool.call.arguments', 'input.value'],
    output: ['gen_ai.output.messages', 'gen_ai.tool.call.result', 'output.value'],
  },
]

/** Where each field may stand, whatever the dialect: an instrumentation of one often adds keys of another. */
export const fields = {
  model: [
    'gen_ai.response.model',
    'gen_ai.request.model',
    'llm.model_name',
    'embedding.model_name',
  ],
  provider: ['gen_ai.provider.name', 'gen_ai.system', 'llm.provider', 'llm.system'],
  inputTokens: [
    'gen_ai.usage.input_tokens',
    'gen_ai.usage.prompt_tokens',
    'llm.token_count.prompt',
  ],
  outputTokens: [
    'gen_ai.usage.output_tokens',
    'gen_ai.usage.completion_tokens',
    'llm.token_count.completion',
  ],
  costUsd: ['gen_ai.usage.cost', 'llm.cost.total'],
  session: ['gen_ai.conversation.id', ATTR_SESSION_ID],
  callId: ['gen_ai.tool.call.id', 'tool.id'],
} as const satisfies Record<string, readonly string[]>

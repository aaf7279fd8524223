import { ATTR_SESSION_ID } from '@trace2/instrumentation/semconv'

/**
 * A convention that foreign spans are written in: how it is recognised and where it keeps what. Keys are tried in
 * order. `prefix.*` stands for all keys under a prefix, put together; `prefix.#` for those with an index only;
 * `event:name` for the span events of a name (`*` within it stands for anything).
 */
export interface Dialect {
  readonly name: string
  /** A span is of this dialect if it has one of these. */
  readonly marks: readonly string[]
  /** Keys that hold the kind of operation, and what its values are called here. */
  readonly opKind: readonly string[]
  readonly opKinds: Readonly<Record<string, string>>
  /** Keys of a name that is more stable than the span's, by kind of operation. */
  readonly opName: Readonly<Record<string, readonly string[]>>
  /** Kind of operation of a span that does not say it. */
  readonly otherKind?: string
  readonly input: readonly string[]
  readonly output: readonly string[]
}

/** Foreign dialects, the more specific first: many spans carry keys of several. */
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
    input: ['llm.input_messages.#', 'llm.prompts.#', 'input.value', 'tool.parameters'],
    output: ['llm.output_messages.#', 'llm.choices.#', 'retrieval.documents.#', 'output.value'],
  },
  {
    name: 'langfuse',
    marks: [
      'langfuse.observation.type',
      'langfuse.observation.input',
      'langfuse.observation.output',
    ],
    opKind: ['langfuse.observation.type'],
    opKinds: { generation: 'llm', span: 'chain', event: 'event' },
    opName: {},
    input: ['langfuse.observation.input', 'langfuse.trace.input'],
    output: ['langfuse.observation.output', 'langfuse.trace.output'],
  },
  {
    name: 'vercel-ai-sdk',
    marks: ['ai.operationId'],
    opKind: ['ai.operationId'],
    opKinds: {
      'ai.generateText.doGenerate': 'llm',
      'ai.streamText.doStream': 'llm',
      'ai.generateObject.doGenerate': 'llm',
      'ai.streamObject.doStream': 'llm',
      'ai.toolCall': 'tool',
      'ai.embed.doEmbed': 'embedding',
      'ai.embedMany.doEmbed': 'embedding',
      'ai.generateText': 'agent',
      'ai.streamText': 'agent',
      'ai.generateObject': 'agent',
      'ai.streamObject': 'agent',
      'ai.embed': 'chain',
      'ai.embedMany': 'chain',
    },
    opName: { tool: ['ai.toolCall.name'], agent: ['ai.telemetry.functionId'] },
    input: ['ai.prompt.messages', 'ai.prompt', 'ai.toolCall.args', 'ai.value', 'ai.values'],
    output: [
      'ai.response.toolCalls',
      'ai.response.text',
      'ai.response.object',
      'ai.toolCall.result',
    ],
  },
  {
    name: 'mlflow',
    marks: ['mlflow.spanType', 'mlflow.spanInputs', 'mlflow.spanOutputs'],
    opKind: ['mlflow.spanType'],
    opKinds: { CHAT_MODEL: 'llm', LLM: 'llm', TOOL: 'tool', AGENT: 'agent', CHAIN: 'chain' },
    opName: { tool: ['mlflow.spanFunctionName'], agent: ['mlflow.spanFunctionName'] },
    input: ['mlflow.spanInputs'],
    output: ['mlflow.spanOutputs'],
  },
  {
    name: 'opentrace',
    marks: ['param.*', 'inputs.*', 'message.id'],
    opKind: ['gen_ai.operation', 'gen_ai.operation.name'],
    opKinds: { chat: 'llm' },
    opName: {},
    input: ['inputs.*'],
    output: ['data', 'outputs.preview', 'gen_ai.output.preview', 'gen_ai.output.messages'],
  },
  {
    name: 'openllmetry',
    marks: ['traceloop.span.kind', 'traceloop.entity.name', 'llm.request.type', 'gen_ai.prompt.#'],
    opKind: ['llm.request.type', 'traceloop.span.kind'],
    opKinds: {
      chat: 'llm',
      completion: 'llm',
      embedding: 'embedding',
      rerank: 'reranker',
      workflow: 'chain',
      task: 'chain',
    },
    opName: { tool: ['traceloop.entity.name'], agent: ['traceloop.entity.name'] },
    otherKind: 'llm',
    input: ['gen_ai.prompt.#', 'traceloop.entity.input'],
    output: ['gen_ai.completion.#', 'traceloop.entity.output'],
  },
  {
    name: 'logfire',
    marks: ['all_messages_events', 'pydantic_ai.all_messages', 'final_result', 'tool_arguments'],
    opKind: ['gen_ai.operation.name'],
    opKinds: { chat: 'llm', execute_tool: 'tool', invoke_agent: 'agent' },
    opName: { tool: ['gen_ai.tool.name'], agent: ['gen_ai.agent.name', 'agent_name'] },
    otherKind: 'agent',
    input: ['tool_arguments', 'prompt', 'pydantic_ai.all_messages', 'all_messages_events'],
    output: ['tool_response', 'pydantic_ai.final_result', 'final_result'],
  },
  {
    name: 'gen_ai',
    marks: [
      'gen_ai.operation.name',
      'gen_ai.provider.name',
      'gen_ai.input.messages',
      'gen_ai.system',
    ],
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
    otherKind: 'llm',
    input: [
      'gen_ai.input.messages',
      'gen_ai.tool.call.arguments',
      'event:gen_ai.*.message',
      'event:gen_ai.content.prompt',
      'input.value',
    ],
    output: [
      'gen_ai.output.messages',
      'gen_ai.tool.call.result',
      'event:gen_ai.choice',
      'event:gen_ai.content.completion',
      'output.value',
    ],
  },
]

/** Where each field may stand, whatever the dialect: an instrumentation of one often adds keys of another. */
export const fields = {
  requestModel: [
    'gen_ai.request.model',
    'llm.request.model_name',
    'llm.model_name',
    'ai.model.id',
    'langfuse.observation.model.name',
    'embedding.model_name',
    'gen_ai.model',
  ],
  model: [
    'gen_ai.response.model',
    'llm.response.model_name',
    'ai.response.model',
    'gen_ai.request.model',
    'llm.request.model_name',
    'llm.model_name',
    'ai.model.id',
    'langfuse.observation.model.name',
    'embedding.model_name',
    'gen_ai.model',
  ],
  provider: [
    'gen_ai.provider.name',
    'gen_ai.system',
    'llm.provider',
    'llm.system',
    'ai.model.provider',
  ],
  inputTokens: [
    'gen_ai.usage.input_tokens',
    'gen_ai.usage.prompt_tokens',
    'llm.token_count.prompt',
    'ai.usage.inputTokens',
    'ai.usage.promptTokens',
  ],
  outputTokens: [
    'gen_ai.usage.output_tokens',
    'gen_ai.usage.completion_tokens',
    'llm.token_count.completion',
    'ai.usage.outputTokens',
    'ai.usage.completionTokens',
  ],
  costUsd: ['gen_ai.usage.cost', 'llm.cost.total'],
  session: [
    'gen_ai.conversation.id',
    ATTR_SESSION_ID,
    'langfuse.session.id',
    'traceloop.association.properties.session_id',
  ],
  callId: ['gen_ai.tool.call.id', 'tool.id', 'ai.toolCall.id'],
  /** The name of the prompt that a model call was made with. */
  promptName: ['gen_ai.prompt.name', 'langfuse.observation.prompt.name', 'traceloop.prompt.key'],
  template: ['llm.prompt_template.template', 'traceloop.prompt.template'],
  /** Whose prompt it is where it has no name of its own. */
  owner: ['gen_ai.agent.name', 'agent.name', 'ai.telemetry.functionId', 'traceloop.entity.name'],
  system: ['gen_ai.system_instructions'],
  tools: ['gen_ai.tool.definitions', 'llm.tools.#', 'ai.prompt.tools', 'llm.request.functions.#'],
} as const satisfies Record<string, readonly string[]>

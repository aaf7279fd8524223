import type { Dialect } from './dialect.ts'

const operations = {
  'ai.generateText': 'agent',
  'ai.streamText': 'agent',
  'ai.generateObject': 'agent',
  'ai.streamObject': 'agent',
  'ai.generateText.doGenerate': 'llm',
  'ai.streamText.doStream': 'llm',
  'ai.generateObject.doGenerate': 'llm',
  'ai.streamObject.doStream': 'llm',
  'ai.toolCall': 'tool',
  'ai.embed': 'embedding',
  'ai.embedMany': 'embedding',
  'ai.embed.doEmbed': 'embedding',
  'ai.embedMany.doEmbed': 'embedding',
  'ai.rerank': 'reranker',
  'ai.rerank.doRerank': 'reranker',
} as const

/** Vercel AI SDK from version 3 to 6, and what its version 7 adds to `gen_ai.*`. */
export const vercelAi: Dialect = {
  name: 'vercel_ai',
  marks: [
    'ai.operationId',
    'ai.toolCall.*',
    'ai.model.*',
    'ai.prompt*',
    'ai.response.*',
    'ai.usage.*',
    'ai.telemetry.*',
  ],
  kind: ['ai.operationId', 'operation.name', 'gen_ai.operation.name'],
  kinds: {
    ...operations,
    chat: 'llm',
    execute_tool: 'tool',
    invoke_agent: 'agent',
    agent_step: 'chain',
  },
  names: operations,
  implied: [
    ['ai.toolCall.name', 'tool'],
    ['ai.toolCall.id', 'tool'],
    ['ai.prompt.messages', 'llm'],
    ['ai.prompt', 'agent'],
  ],
  op: { tool: ['ai.toolCall.name'], agent: ['ai.telemetry.functionId'] },
  fields: {
    input: [
      'ai.prompt.messages',
      'ai.prompt',
      'ai.toolCall.args',
      'ai.value',
      'ai.values',
      'ai.documents',
    ],
    output: [
      'ai.response.{text,object,toolCalls,reasoning}',
      'ai.result.{text,object,toolCalls}',
      'ai.toolCall.result',
      'ai.embedding',
      'ai.embeddings',
      'ai.ranking',
    ],
    system: ['ai.prompt#/system'],
    tools: ['ai.prompt.tools'],
    toolDescription: ['ai.toolCall.description'],
    promptName: ['ai.telemetry.metadata.langfusePrompt#/name'],
    caller: ['ai.telemetry.functionId'],
    model: ['ai.response.model', 'ai.model.id'],
    provider: ['ai.model.provider'],
    // Of embeddings there is one number; beside a model's it is the total.
    inputTokens: [
      'ai.usage.inputTokens',
      'ai.usage.promptTokens',
      'gen_ai.usage.input_tokens',
      'ai.usage.tokens',
    ],
    outputTokens: ['ai.usage.outputTokens', 'ai.usage.completionTokens'],
    session: [
      'ai.telemetry.metadata.sessionId',
      'ai.telemetry.metadata.session_id',
      'ai.telemetry.metadata.threadId',
    ],
    callId: ['ai.toolCall.id'],
  },
}

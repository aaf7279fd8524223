import type { Dialect } from './dialect.ts'

/** Spring AI: a client and its advisors around calls of models, which are in OpenTelemetry's conventions. */
export const springAi: Dialect = {
  name: 'spring_ai',
  marks: ['spring.ai.*'],
  kind: ['spring.ai.kind', 'gen_ai.operation.name'],
  kinds: {
    chat_client: 'agent',
    advisor: 'chain',
    tool_call: 'tool',
    vector_store: 'retriever',
    chat: 'llm',
    embedding: 'embedding',
  },
  implied: [
    ['spring.ai.tool.definition.name', 'tool'],
    ['spring.ai.tool.call.arguments', 'tool'],
  ],
  op: { tool: ['spring.ai.tool.definition.name'], chain: ['spring.ai.advisor.name'] },
  fields: {
    input: ['spring.ai.tool.call.arguments', 'db.vector.query.content'],
    output: ['spring.ai.tool.call.result', 'db.vector.query.response.documents'],
    toolDescription: ['spring.ai.tool.definition.description'],
    session: ['spring.ai.chat.client.conversation.id'],
    callId: ['spring.ai.tool.call.id'],
  },
}

import type { Dialect } from './dialect.ts'

/** VoltAgent. A span inside an agent says what it is; the agent's own says what it is a span of. */
export const voltagent: Dialect = {
  name: 'voltagent',
  marks: ['voltagent.*', 'agent.messages', 'llm.messages', 'entity.type'],
  kind: ['span.type', 'entity.type'],
  kinds: {},
  implied: [
    ['llm.messages', 'llm'],
    ['agent.messages', 'agent'],
  ],
  op: { agent: ['entity.name'] },
  fields: {
    input: ['agent.messages', 'llm.messages'],
    session: ['voltagent.conversation_id'],
  },
  own: {
    inputTokens: ['usage.prompt_tokens'],
    outputTokens: ['usage.completion_tokens'],
  },
}

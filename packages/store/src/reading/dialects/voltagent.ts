import type { Dialect } from './dialect.ts'

/**
 * VoltAgent. The span of a model has all steps of a generation and what was asked; the answer is on the agent around it, whose
 * span says what it is a span of. On the spans of a subagent, the entity is the agent that asked it.
 */
export const voltagent: Dialect = {
  name: 'voltagent',
  marks: ['voltagent.*', 'agent.messages', 'llm.messages', 'entity.type'],
  kind: ['memory.operation', 'span.type', 'entity.type'],
  kinds: { read: 'memory', search: 'memory', write: 'keeping', write_steps: 'keeping' },
  implied: [
    ['llm.messages', 'llm'],
    ['agent.messages', 'agent'],
    ['agent.state', 'agent'],
  ],
  op: { agent: ['subagent.name', 'entity.name'] },
  fields: {
    toolDescription: ['tool.description'],
    callId: ['tool.call.id'],
    session: ['voltagent.conversation_id'],
  },
  // Its names are so plain that they would say something else elsewhere.
  own: {
    input: ['llm.messages', 'agent.messages', 'input'],
    output: ['output'],
    caller: ['subagent.name', 'entity.name'],
    model: ['llm.model', 'ai.model.name'],
    inputTokens: ['llm.usage.prompt_tokens', 'usage.prompt_tokens'],
    outputTokens: ['llm.usage.completion_tokens', 'usage.completion_tokens'],
    cacheReadTokens: ['llm.usage.cached_tokens'],
    session: ['conversation.id'],
  },
}

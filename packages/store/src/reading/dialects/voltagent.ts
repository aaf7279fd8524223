import type { Dialect } from './dialect.ts'

/** VoltAgent. The span of a model has all steps of a generation and what was asked; the answer is on the agent around it. */
export const voltagent: Dialect = {
  name: 'voltagent',
  marks: ['voltagent.*', 'entity.type'],
  kind: ['span.type'],
  kinds: {},
  implied: [['agent.state', 'agent']],
  op: {},
  fields: { toolDescription: ['tool.description'], callId: ['tool.call.id'] },
  // Its names are so plain that they would say something else elsewhere.
  own: {
    input: ['llm.messages', 'agent.messages', 'input'],
    output: ['output'],
    caller: ['entity.name'],
    model: ['llm.model', 'ai.model.name'],
    inputTokens: ['llm.usage.prompt_tokens'],
    outputTokens: ['llm.usage.completion_tokens'],
    session: ['conversation.id'],
  },
}

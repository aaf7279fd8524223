import type { Dialect } from './dialect.ts'

/** Flue (`flue.*`): a model's turn is in OpenTelemetry's conventions but for what was asked and said, which is Flue's own. */
export const flue: Dialect = {
  name: 'flue',
  marks: ['flue.*'],
  kind: ['gen_ai.operation.name'],
  kinds: { chat: 'llm', execute_tool: 'tool', invoke_agent: 'agent' },
  implied: [
    ['flue.turn.input', 'llm'],
    ['flue.turn.output', 'llm'],
    ['flue.tool.name', 'tool'],
    ['flue.tool.call_id', 'tool'],
    ['flue.task.id', 'agent'],
    ['flue.task.agent', 'agent'],
    ['flue.workflow.name', 'chain'],
    ['flue.operation.id', 'chain'],
  ],
  op: {
    tool: ['flue.tool.name'],
    agent: ['flue.task.agent'],
    chain: ['flue.workflow.name', 'flue.operation.kind'],
  },
  fields: {
    input: ['flue.turn.input', 'flue.tool.arguments', 'flue.task.prompt', 'flue.workflow.payload'],
    output: [
      'flue.turn.output',
      'flue.tool.result',
      'flue.task.result',
      'flue.operation.result',
      'flue.workflow.result',
    ],
    tools: ['flue.turn.input#/tools'],
    callId: ['flue.tool.call_id'],
  },
}

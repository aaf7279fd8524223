import type { Dialect } from './dialect.ts'

/**
 * What the OpenTrace project writes (`param.*`, `inputs.*`, `outputs.*`, `eval.*`). Its parameters, roles and rewards
 * are read in `../opentrace.ts`, because their names are part of the keys.
 */
export const opentrace: Dialect = {
  name: 'opentrace',
  marks: ['param.*', 'inputs.*', 'trace.bundle*', 'message.id', 'outputs.preview', 'eval.score'],
  kind: ['gen_ai.operation.name', 'gen_ai.operation'],
  kinds: { chat: 'llm', llm_call: 'llm', execute_tool: 'tool', invoke_agent: 'agent' },
  implied: [
    ['gen_ai.model', 'llm'],
    ['gen_ai.request.model', 'llm'],
  ],
  op: { chain: ['graph.node.name'] },
  fields: {
    input: ['inputs.gen_ai.prompt', 'langgraph.query'],
    output: [
      'gen_ai.output.messages',
      'gen_ai.output.preview',
      'outputs.preview',
      'langgraph.output.preview',
    ],
    model: ['gen_ai.model'],
  },
}

import type { Dialect } from './dialect.ts'

/** Laminar (`lmnr.*`), which adds the path of a span to those of other instrumentations too. */
export const laminar: Dialect = {
  name: 'laminar',
  marks: ['lmnr.*'],
  kind: ['lmnr.span.type', 'gen_ai.operation.name'],
  kinds: {
    DEFAULT: 'chain',
    EXECUTOR: 'chain',
    EVALUATION: 'chain',
    chat: 'llm',
    execute_tool: 'tool',
    invoke_agent: 'agent',
  },
  implied: [],
  op: {},
  fields: {
    input: ['lmnr.span.input'],
    output: ['lmnr.span.output'],
    session: ['lmnr.association.properties.session_id'],
  },
}

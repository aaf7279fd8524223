import type { Dialect } from './dialect.ts'

/** HoneyHive (`honeyhive_*`), whose tracer also marks spans of other instrumentations. */
export const honeyhive: Dialect = {
  name: 'honeyhive',
  marks: ['honeyhive*'],
  kind: ['honeyhive_event_type', 'honeyhive.event_type', 'gen_ai.operation.name'],
  kinds: {
    model: 'llm',
    session: 'agent',
    chat: 'llm',
    execute_tool: 'tool',
    invoke_agent: 'agent',
  },
  implied: [],
  op: {},
  fields: {
    input: ['honeyhive_inputs.chat_history', 'honeyhive_inputs.*', 'honeyhive_inputs'],
    output: ['honeyhive_outputs.result', 'honeyhive_outputs.*', 'honeyhive_outputs'],
    session: ['honeyhive.session_id', 'honeyhive_session_id'],
  },
}

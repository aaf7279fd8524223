import type { Dialect } from './dialect.ts'

/**
 * What LangSmith's SDKs export over OpenTelemetry: LangChain's own messages under the names of the GenAI conventions, and every
 * kind of run called `chat` there.
 */
export const langsmith: Dialect = {
  name: 'langsmith',
  marks: ['langsmith.*'],
  kind: ['langsmith.span.kind', 'gen_ai.operation.name'],
  kinds: { parser: 'chain', chat: 'llm', execute_tool: 'tool', invoke_agent: 'agent' },
  implied: [],
  op: {},
  fields: {
    caller: ['langsmith.metadata.lc_agent_name', 'langsmith.metadata.langgraph_node'],
    session: [
      'langsmith.metadata.session_id',
      'langsmith.metadata.thread_id',
      'langsmith.metadata.conversation_id',
      'langsmith.trace.session_id',
    ],
  },
}

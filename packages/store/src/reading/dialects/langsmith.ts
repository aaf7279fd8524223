import type { Dialect } from './dialect.ts'

/**
 * What LangSmith's SDKs export over OpenTelemetry: LangChain's own messages under the names of the GenAI conventions, and every
 * kind of run called `chat` there. What is called a session there (`langsmith.trace.session_id`) is a project with all of its runs.
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
    ],
    user: ['langsmith.metadata.user_id', 'langsmith.metadata.userId'],
    inputTokens: [
      'langsmith.usage_metadata#/input_tokens',
      'langsmith.metadata.usage_metadata#/input_tokens',
    ],
    outputTokens: [
      'langsmith.usage_metadata#/output_tokens',
      'langsmith.metadata.usage_metadata#/output_tokens',
    ],
    cacheReadTokens: [
      'gen_ai.usage.input_token_details#/cache_read',
      'langsmith.usage_metadata#/input_token_details/cache_read',
      'langsmith.metadata.usage_metadata#/input_token_details/cache_read',
    ],
    cacheWriteTokens: [
      'gen_ai.usage.input_token_details#/cache_creation',
      'langsmith.usage_metadata#/input_token_details/cache_creation',
      'langsmith.metadata.usage_metadata#/input_token_details/cache_creation',
    ],
    reasoningTokens: [
      'gen_ai.usage.output_token_details#/reasoning',
      'langsmith.usage_metadata#/output_token_details/reasoning',
      'langsmith.metadata.usage_metadata#/output_token_details/reasoning',
    ],
    totalTokens: [
      'langsmith.usage_metadata#/total_tokens',
      'langsmith.metadata.usage_metadata#/total_tokens',
    ],
  },
}

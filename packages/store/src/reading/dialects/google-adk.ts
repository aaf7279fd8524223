import type { Dialect } from './dialect.ts'

const thoughts = 'gcp.vertex.agent.llm_response#/usage_metadata/thoughts_token_count'

/** Google's Agent Development Kit: requests and responses of Gemini as JSON on its own attributes. */
export const googleAdk: Dialect = {
  name: 'google_adk',
  marks: ['gcp.vertex.agent.*'],
  kind: ['gen_ai.operation.name'],
  kinds: {
    generate_content: 'llm',
    call_llm: 'llm',
    chat: 'llm',
    execute_tool: 'tool',
    invoke_agent: 'agent',
    invocation: 'chain',
  },
  implied: [
    ['gen_ai.tool.name', 'tool'],
    ['gcp.vertex.agent.llm_request', 'llm'],
  ],
  op: { tool: ['gen_ai.tool.name'], agent: ['gen_ai.agent.name'] },
  fields: {
    // A tool's span has empty requests beside its arguments.
    input: [
      'gcp.vertex.agent.tool_call_args',
      'gcp.vertex.agent.llm_request',
      'gcp.vertex.agent.data',
    ],
    output: ['gcp.vertex.agent.tool_response', 'gcp.vertex.agent.llm_response'],
    tools: ['gcp.vertex.agent.llm_request#/config/tools'],
    inputTokens: ['gcp.vertex.agent.llm_response#/usage_metadata/prompt_token_count'],
    outputTokens: ['gcp.vertex.agent.llm_response#/usage_metadata/candidates_token_count'],
    cacheReadTokens: ['gcp.vertex.agent.llm_response#/usage_metadata/cached_content_token_count'],
    reasoningTokens: [thoughts, 'gen_ai.usage.experimental.reasoning_tokens'],
    totalTokens: ['gcp.vertex.agent.llm_response#/usage_metadata/total_token_count'],
    user: ['gcp.vertex.agent.user_id'],
    session: ['gcp.vertex.agent.session_id'],
  },
  // Gemini counts thoughts beside the candidates.
  apart: [thoughts, 'gen_ai.usage.experimental.reasoning_tokens'],
}

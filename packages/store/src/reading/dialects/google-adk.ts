import type { Dialect } from './dialect.ts'

const response = 'gcp.vertex.agent.llm_response#'

/** A number of tokens, as the kits for Python and for JavaScript write it. */
const counted = (snake: string, camel: string) => [
  `${response}/usage_metadata/${snake}`,
  `${response}/usageMetadata/${camel}`,
]
const thoughts = [
  ...counted('thoughts_token_count', 'thoughtsTokenCount'),
  'gen_ai.usage.experimental.reasoning_tokens',
]

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
    model: [
      'gen_ai.request.model',
      'gcp.vertex.agent.llm_request#/model',
      `${response}/model_version`,
      `${response}/modelVersion`,
    ],
    inputTokens: counted('prompt_token_count', 'promptTokenCount'),
    outputTokens: counted('candidates_token_count', 'candidatesTokenCount'),
    cacheReadTokens: counted('cached_content_token_count', 'cachedContentTokenCount'),
    reasoningTokens: thoughts,
    totalTokens: counted('total_token_count', 'totalTokenCount'),
    user: ['gcp.vertex.agent.user_id'],
    session: ['gcp.vertex.agent.session_id'],
  },
  // Gemini counts thoughts beside the candidates.
  apart: thoughts,
}

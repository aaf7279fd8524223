import type { Dialect } from './dialect.ts'

/**
 * Anthropic's Claude Code. Its attributes have names of one word, which mean what they do on its spans only. A tool's span has one
 * for the wait for its user and one for its execution inside.
 */
export const claudeCode: Dialect = {
  name: 'claude_code',
  marks: [
    'user_prompt_length',
    'interaction.sequence',
    'llm_request.context',
    'cache_read_tokens',
    'cache_creation_tokens',
    'tool_use_id',
  ],
  kind: ['span.type'],
  kinds: {
    interaction: 'agent',
    llm_request: 'llm',
    tool: 'tool',
    'tool.blocked_on_user': 'chain',
    'tool.execution': 'chain',
    tool_execution: 'tool',
    hook: 'chain',
  },
  names: {
    'claude_code.interaction': 'agent',
    'claude_code.llm_request': 'llm',
    'claude_code.tool': 'tool',
    'claude_code.tool.blocked_on_user': 'chain',
    'claude_code.tool.execution': 'chain',
    'claude_code.hook': 'chain',
  },
  implied: [
    ['llm_request.context', 'llm'],
    ['cache_read_tokens', 'llm'],
    ['cache_creation_tokens', 'llm'],
    ['tool_use_id', 'tool'],
  ],
  op: { tool: ['tool_name'] },
  fields: {},
  own: {
    // Of a tool's arguments there is the command alone.
    input: ['user_prompt', 'tool.input', 'tool_input', 'full_command'],
    output: ['tool.output', 'response.model_output'],
    model: ['gen_ai.request.model', 'model'],
    inputTokens: ['input_tokens'],
    outputTokens: ['output_tokens'],
    costUsd: ['cost_usd'],
    callId: ['gen_ai.tool.call.id', 'tool_use_id'],
  },
}

import { TOOL_OUTPUT } from '../event-names.ts'
import type { Dialect } from './dialect.ts'

/**
 * The spans of Claude Code, a beta of which its page on monitoring tells: a turn, the requests and the tools in it. What is said in
 * them is there only where it is asked for, and of a request it is what came since the one before.
 */
export const claudeCode: Dialect = {
  name: 'claude_code',
  marks: [
    'span.type=interaction',
    'span.type=llm_request',
    'span.type=tool',
    'span.type=tool.execution',
    'span.type=tool.blocked_on_user',
    'span.type=hook',
  ],
  kind: ['span.type'],
  kinds: {
    interaction: 'agent',
    llm_request: 'llm',
    tool: 'tool',
    'tool.execution': 'chain',
    'tool.blocked_on_user': 'wait',
    hook: 'hook',
  },
  implied: [],
  op: { tool: ['tool_name'] },
  fields: { output: [TOOL_OUTPUT] },
  own: {
    input: ['user_prompt', 'tool_input', 'new_context'],
    output: ['response.model_output'],
    system: ['user_system_prompt'],
    model: ['model'],
    inputTokens: ['input_tokens'],
    outputTokens: ['output_tokens'],
    cacheReadTokens: ['cache_read_tokens'],
    cacheWriteTokens: ['cache_creation_tokens'],
    costUsd: ['cost_usd'],
    callId: ['tool_use_id'],
  },
  // As Anthropic says it.
  apart: ['cache_read_tokens', 'cache_creation_tokens'],
}

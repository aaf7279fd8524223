import type { Dialect } from './dialect.ts'

/**
 * OpenAI's Codex. A turn asks the model, whose answers are spans with usage in OpenTelemetry's conventions; newer versions write
 * what they ask with on those. None has content.
 */
export const codex: Dialect = {
  name: 'codex',
  marks: ['codex.*'],
  kind: [],
  kinds: {},
  names: { 'session_task.turn': 'turn', handle_responses: 'llm' },
  implied: [
    ['codex.turn.token_usage.input_tokens', 'turn'],
    ['codex.turn.token_usage.output_tokens', 'turn'],
    ['codex.turn.*', 'turn'],
    ['codex.usage.*', 'llm'],
    ['codex.request.*', 'llm'],
  ],
  op: {},
  fields: {},
  own: {
    model: ['model'],
    inputTokens: ['codex.turn.token_usage.input_tokens'],
    outputTokens: ['codex.turn.token_usage.output_tokens'],
    cacheReadTokens: ['codex.turn.token_usage.cached_input_tokens'],
    reasoningTokens: [
      'codex.turn.token_usage.reasoning_output_tokens',
      'codex.usage.reasoning_output_tokens',
    ],
    totalTokens: ['codex.turn.token_usage.total_tokens'],
    user: ['user.account_id'],
    session: ['thread.id', 'conversation.id'],
  },
}

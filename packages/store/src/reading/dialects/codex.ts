import type { Dialect } from './dialect.ts'

/** The turns of OpenAI's Codex. Their spans have usage and no content. */
export const codex: Dialect = {
  name: 'codex',
  marks: ['codex.*'],
  kind: [],
  kinds: {},
  implied: [
    ['codex.turn.token_usage.input_tokens', 'turn'],
    ['codex.turn.token_usage.output_tokens', 'turn'],
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

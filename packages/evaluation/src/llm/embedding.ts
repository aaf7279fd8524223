import { raise } from '../errors.ts'
import type { Send } from './attempt.ts'
import type { OpenAIClient } from './client.ts'
import { AnsweredError } from './completion.ts'
import { property } from './property.ts'
import type { ChatAnswer, ChatRequest } from './request.ts'

/** Asks for the embedding of a message, and gives it as the JSON array that an answer would have. */
export function embedding(
  { embeddings }: OpenAIClient,
  { model, messages }: ChatRequest,
): Send<ChatAnswer> {
  if (!embeddings) throw raise('T2_MODEL_CALL', 'The client has no embeddings.')
  const input = messages.map(({ content }) => content).join('\n')
  // Not every endpoint has the SDK's default encoding, base64.
  const body = { model, input, encoding_format: 'float' } as const
  return async (options) => {
    const response: unknown = await embeddings.create(body, options)
    const error = property(response, 'error')
    if (error) throw new AnsweredError(error)
    const data = property(response, 'data')
    const vector: unknown = Array.isArray(data) ? property(data[0], 'embedding') : undefined
    const tokens = property(property(response, 'usage'), 'prompt_tokens')
    return {
      text: JSON.stringify(vector ?? []),
      finishReason: 'stop',
      inputTokens: typeof tokens === 'number' ? tokens : Number.NaN,
      outputTokens: 0,
    }
  }
}

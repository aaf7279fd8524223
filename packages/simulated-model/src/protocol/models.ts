import { ApiError } from './api-error.ts'

/** Name of the model that answers chat completions. */
export const CHAT_MODEL = 'simulated-small'
/** Name of the model that makes embeddings. */
export const EMBEDDING_MODEL = 'simulated-embedding'

export const models = [CHAT_MODEL, EMBEDDING_MODEL].map((id) => ({
  id,
  object: 'model',
  created: 0,
  owned_by: 'trace2',
}))

/** The name if this server has such a model for this use; throws {@link ApiError} as the API does otherwise. */
export function requireModel(name: unknown, use: 'chat' | 'embedding'): string {
  if (typeof name !== 'string' || name === '') {
    throw new ApiError(400, 'You must provide a model parameter.', { param: 'model' })
  }
  const expected = use === 'chat' ? CHAT_MODEL : EMBEDDING_MODEL
  if (name === expected) return name
  throw new ApiError(
    404,
    `The model '${name}' does not exist here. This is a simulated model: use '${expected}'.`,
    { param: 'model', code: 'model_not_found' },
  )
}

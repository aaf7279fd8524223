import { createHash } from 'node:crypto'
import { isObject } from '../json.ts'
import { countTokens } from '../tokens.ts'
import { subjectWords } from '../words.ts'
import { ApiError } from './api-error.ts'
import { requireModel } from './models.ts'

const defaultDimensions = 256

/**
 * A bag of hashed words (K. Weinberger et al., "Feature hashing for large scale multitask learning", ICML 2009) of
 * unit length: texts that share subject words lie close together, and that is all it knows.
 */
export function embed(text: string, dimensions = defaultDimensions): number[] {
  const vector = new Array<number>(dimensions).fill(0)
  for (const word of subjectWords(text)) {
    const digest = createHash('sha256').update(word).digest()
    const at = digest.readUInt32BE(0) % dimensions
    vector[at] = (vector[at] ?? 0) + (digest.readUInt8(4) % 2 === 0 ? 1 : -1)
  }
  const length = Math.hypot(...vector)
  // A text without subject words still needs a direction.
  if (length === 0) vector[0] = 1
  return length === 0 ? vector : vector.map((value) => value / length)
}

/** Answers `POST /v1/embeddings`. */
export function embeddings(body: unknown) {
  if (!isObject(body)) throw new ApiError(400, 'The body of the request must be a JSON object.')
  const model = requireModel(body.model, 'embedding')
  const inputs: unknown[] = Array.isArray(body.input) ? body.input : [body.input]
  const texts = inputs.filter((input) => typeof input === 'string')
  if (texts.length === 0 || texts.length < inputs.length) {
    throw new ApiError(400, "'input' must be a string or an array of strings.", { param: 'input' })
  }
  const dimensions = body.dimensions ?? defaultDimensions
  if (typeof dimensions !== 'number' || !Number.isInteger(dimensions) || dimensions < 1) {
    throw new ApiError(400, "'dimensions' must be a whole number of at least 1.", {
      param: 'dimensions',
    })
  }
  const tokens = texts.reduce((sum, text) => sum + countTokens(text), 0)
  return {
    object: 'list',
    model,
    data: texts.map((text, index) => {
      const vector = embed(text, dimensions)
      const bytes = Buffer.from(Float32Array.from(vector).buffer)
      const embedding = body.encoding_format === 'base64' ? bytes.toString('base64') : vector
      return { object: 'embedding', index, embedding }
    }),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  }
}

import { byteCount } from './blob.ts'
import type { Endpoint, Input, Outcome, Returned } from './endpoint.ts'
import { failureFrom, isError, unanswered } from './failure.ts'
import { type Fields, isObject, listOf, member, numberOf, objectsOf, textOf } from './json.ts'
import { legible } from './legible.ts'
import { genAi, openInference } from './names.ts'
import { commonInputs, requestAttributes } from './request.ts'
import { present, usageAttributes } from './usage.ts'

/** `embeddings`. The vectors are no text that anyone would read: the output has their lengths. */
export const embeddings: Endpoint = {
  operator: 'openai.embeddings',
  description: 'Turns texts into vectors.',
  operation: 'embeddings',
  step: 'embedding',
  isKept: false,
  request: (body) => ({
    ...requestAttributes(body, undefined),
    ...present({
      [openInference.embeddingModel]: textOf(body.model),
      [genAi.encodingFormats]:
        typeof body.encoding_format === 'string' ? [body.encoding_format] : undefined,
    }),
  }),
  inputs: (body, passed) => [inputOf(body, passed), ...commonInputs(body, passed)],
  outcome: (response) =>
    isObject(response) && Array.isArray(response.data) ? outcome(response) : unanswered(response),
  assemble: () => ({ add() {}, response: () => undefined, pieces: () => undefined }),
}

/** Tokens are no text, and numbers that would be matched by chance: a text that came as tokens is their count. */
function inputOf({ input }: Fields, passed: Fields): Input {
  const counts = tokenCounts(input)
  return { role: 'input', passed: passed.input, plain: counts ?? legible(input) }
}

function tokenCounts(input: unknown): unknown {
  const [first] = listOf(input)
  if (typeof first === 'number') return { tokens: listOf(input).length }
  if (typeof listOf(first)[0] !== 'number') return undefined
  return listOf(input).map((tokens) => ({ tokens: listOf(tokens).length }))
}

function outcome(response: Fields): Outcome {
  const data = objectsOf(response.data)
  const lengths = data.map(({ embedding }) => dimensionsOf(embedding))
  const returned: Returned[] = [
    { value: response, pointer: '' },
    { value: response.data, pointer: '' },
    ...data.flatMap((item, index) => [
      { value: item, pointer: `/${index}` },
      // A vector that is text, in base 64, would be matched wherever it went.
      ...(typeof item.embedding === 'object'
        ? [{ value: item.embedding, pointer: `/${index}` }]
        : []),
    ]),
  ]
  return {
    output: lengths.map((length) => ({ dimensions: length })),
    attributes: present({
      [genAi.responseModel]: textOf(response.model),
      [genAi.dimensions]: lengths[0],
      ...usageAttributes(response.usage),
    }),
    messages: [],
    returned,
    failure: isError(response.error)
      ? failureFrom(response.error, 'The endpoint could not answer.')
      : undefined,
  }
}

/** In base 64 a vector has four bytes for each number. */
function dimensionsOf(embedding: unknown): number | undefined {
  if (typeof embedding === 'string') return byteCount(embedding) / 4
  return numberOf(member(embedding, 'length'))
}

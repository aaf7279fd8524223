import type { Endpoint, HandedOut } from './endpoint.ts'
import { isObject, member, objectsOf, textOf } from './json.ts'
import { genAi, openInference } from './names.ts'
import { commonInputs, requestAttributes } from './request.ts'
import { present, usageAttributes } from './usage.ts'

/** `embeddings`. The vectors are no text that anyone would read: the output has their lengths. */
export const embeddings: Endpoint = {
  operator: 'openai.embeddings',
  description: 'Turns texts into vectors.',
  operation: 'embeddings',
  step: 'embedding',
  request: (body) => ({
    ...requestAttributes(body, undefined),
    ...present({
      [openInference.embeddingModel]: textOf(body.model),
      [genAi.encodingFormats]:
        typeof body.encoding_format === 'string' ? [body.encoding_format] : undefined,
    }),
  }),
  inputs: (body, passed) => [
    { role: 'input', passed: passed.input, plain: body.input },
    ...commonInputs(body, passed),
  ],
  outcome(response) {
    if (!isObject(response) || !Array.isArray(response.data)) return undefined
    const data = objectsOf(response.data)
    const lengths = data.map(({ embedding }) => member(embedding, 'length'))
    const [dimensions] = lengths
    const handedOut: HandedOut[] = [
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
        [genAi.dimensions]: typeof dimensions === 'number' ? dimensions : undefined,
        ...usageAttributes(response.usage),
      }),
      finishReasons: [],
      handedOut,
      failure: undefined,
    }
  },
  assemble: () => ({ add() {}, response: () => undefined }),
}

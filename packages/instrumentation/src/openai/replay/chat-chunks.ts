import { type Fields, isObject, listOf, objectsOf } from '../json.ts'

/**
 * The chunks that a streamed chat completion came in, as far as they are known: its text in the recorded `pieces`, anything
 * else in one. A client puts the same completion together from them.
 */
export function chatChunks(response: Fields, pieces: readonly number[] | undefined): Fields[] {
  const { choices, usage, ...rest } = response
  const envelope = { ...rest, object: 'chat.completion.chunk' }
  const chunk = (choice: Fields) => ({ ...envelope, choices: [choice] })
  const chunks = objectsOf(choices).flatMap(({ index, finish_reason, message }) => {
    const deltas = isObject(message) ? deltasOf(message, pieces) : []
    return [
      ...deltas.map((delta) => chunk({ index, delta, finish_reason: null })),
      chunk({ index, delta: {}, finish_reason: finish_reason ?? null }),
    ]
  })
  return usage === undefined || usage === null
    ? chunks
    : [...chunks, { ...envelope, choices: [], usage }]
}

function deltasOf(message: Fields, pieces: readonly number[] | undefined): Fields[] {
  const { role, content, tool_calls, ...rest } = message
  const texts: unknown[] =
    typeof content === 'string' ? cutUp(content, pieces) : content === undefined ? [] : [content]
  const [first, ...more] = texts
  const calls = listOf(tool_calls)
  return [
    { role, ...(first !== undefined && { content: first }), ...rest },
    ...more.map((text) => ({ content: text })),
    ...calls.map((call, index) => ({ tool_calls: [{ index, ...(isObject(call) ? call : {}) }] })),
  ]
}

/** A text in pieces of the lengths that are recorded; in one, where these are those of another text. */
export function cutUp(text: string, pieces: readonly number[] | undefined): string[] {
  const total = pieces?.reduce((sum, length) => sum + length, 0)
  if (!pieces || total !== text.length) return [text]
  let at = 0
  return pieces.map((length) => {
    at += length
    return text.slice(at - length, at)
  })
}

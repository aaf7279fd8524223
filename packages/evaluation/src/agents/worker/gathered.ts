/**
 * The whole of what an agent gives: a promise is awaited, a stream read to its end. Pieces of text make one text,
 * anything else a list, as in what is recorded of a stream.
 */
export async function gathered(given: unknown): Promise<unknown> {
  const value = await given
  if (!isStream(value)) return value
  const items: unknown[] = []
  for await (const item of value) items.push(item)
  return items.length > 0 && items.every((item) => typeof item === 'string')
    ? items.join('')
    : items
}

/** What is read once, from its beginning: lists and texts can be read again and are none. */
function isStream(value: unknown): value is AsyncIterable<unknown> | Iterable<unknown> {
  if (typeof value !== 'object' || value === null) return false
  if (Symbol.asyncIterator in value && typeof value[Symbol.asyncIterator] === 'function')
    return true
  return Symbol.iterator in value && 'next' in value && typeof value.next === 'function'
}

/** The first bytes of a stream (at least four where it has them), and the whole stream with them. */
export async function peek(chunks: AsyncIterable<Uint8Array>): Promise<{
  readonly start: Uint8Array
  readonly all: AsyncIterable<Uint8Array>
}> {
  const iterator = chunks[Symbol.asyncIterator]()
  let start: Uint8Array = new Uint8Array()
  while (start.byteLength < 4) {
    const { done, value } = await iterator.next()
    if (done) break
    start = Buffer.concat([start, value])
  }
  return { start, all: joined(start, iterator) }
}

async function* joined(
  start: Uint8Array,
  iterator: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield start
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      yield next.value
    }
  } finally {
    // Whoever stops reading early closes the file.
    await iterator.return?.()
  }
}

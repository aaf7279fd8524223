const newline = 0x0a

/**
 * Splits a stream of bytes at line breaks, blank lines left out. A line of more than `longest` bytes is given as
 * `undefined`, so that one that never ends cannot fill the memory.
 */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
  longest: number,
): AsyncGenerator<{ readonly number: number; readonly bytes: Uint8Array | undefined }> {
  let pending: Uint8Array[] = []
  let length = 0
  let number = 1
  const line = () => ({
    number,
    bytes: length > longest ? undefined : Buffer.concat(pending),
  })
  const add = (piece: Uint8Array) => {
    length += piece.byteLength
    if (length <= longest) pending.push(piece)
    else pending = []
  }
  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      add(chunk.subarray(start, end))
      if (!isBlank(pending, length)) yield line()
      pending = []
      length = 0
      number++
      start = end + 1
    }
    add(chunk.subarray(start))
  }
  if (!isBlank(pending, length)) yield line()
}

function isBlank(pending: readonly Uint8Array[], length: number): boolean {
  if (length === 0) return true
  return length <= 2 && Buffer.concat(pending).toString('latin1').trim() === ''
}

import { TextDecoder } from 'node:util'

/** Bytes of a text as UTF-8 without a byte order mark, whatever Unicode encoding the file has. */
export async function* utf8Bytes(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let decoder: TextDecoder | undefined
  let begun = false
  let first = new Uint8Array()
  for await (const chunk of chunks) {
    if (!begun) {
      first = Buffer.concat([first, chunk])
      // A byte order mark has three bytes at most.
      if (first.length < 4) continue
      begun = true
      decoder = decoderFor(first)
      yield decoded(decoder, withoutMark(first))
      continue
    }
    yield decoded(decoder, chunk)
  }
  if (!begun) {
    decoder = decoderFor(first)
    yield decoded(decoder, withoutMark(first))
  }
  if (decoder) yield Buffer.from(decoder.decode())
}

function decoded(decoder: TextDecoder | undefined, chunk: Uint8Array): Uint8Array {
  return decoder ? Buffer.from(decoder.decode(chunk, { stream: true })) : chunk
}

/** UTF-16 begins with its byte order mark, or with a character of ASCII beside a zero. */
function decoderFor([a, b]: Uint8Array): TextDecoder | undefined {
  if ((a === 0xff && b === 0xfe) || (b === 0 && a !== 0 && a !== undefined)) {
    return new TextDecoder('utf-16le')
  }
  if ((a === 0xfe && b === 0xff) || (a === 0 && b !== 0 && b !== undefined)) {
    return new TextDecoder('utf-16be')
  }
  return undefined
}

/** A decoder of UTF-16 leaves out the mark by itself. */
function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
}

import { type ParametersDocument, readParameters } from './choices.ts'

/** Far beyond what prompts need; a source that sends more is broken or hostile. */
export const longestDocument = 16 * 1024 * 1024

/**
 * Reads a parameters document: UTF-8, or UTF-16 with the mark that some editors write.
 *
 * @throws {Error} that says why these bytes are none.
 */
export function readDocument(bytes: Uint8Array): ParametersDocument {
  if (bytes.byteLength > longestDocument) throw new Error(tooLong)
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8'
  // A decoder takes the byte order mark off.
  const document: unknown = JSON.parse(new TextDecoder(encoding).decode(bytes))
  const parameters = readParameters(document)
  if (!parameters) throw new Error('it is not a parameters document')
  return parameters
}

/** Reads the body of an answer as {@link readDocument} does, and no more of it than a document may have. */
export async function readAnswer(response: Response): Promise<ParametersDocument> {
  const chunks: Uint8Array[] = []
  let length = 0
  // An iterator that is left cancels the body.
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength
    if (length > longestDocument) throw new Error(tooLong)
    chunks.push(chunk)
  }
  const bytes = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.byteLength
  }
  return readDocument(bytes)
}

const tooLong = `it is longer than ${longestDocument} bytes`

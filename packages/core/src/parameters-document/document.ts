import { type ParametersDocument, readParameters } from './choices.ts'
import { lineAt, repeatedKey } from './repeated-key.ts'

/** Far beyond what prompts need; a source that sends more is broken or hostile. */
export const longestDocument = 16 * 1024 * 1024

/** The text of a parameters document, and how its bytes carried it. */
export interface DocumentText {
  readonly text: string
  readonly encoding: 'utf-8' | 'utf-16le'
  /** Whether the bytes begin with a byte order mark. The text never does. */
  readonly mark: boolean
}

/**
 * Decodes a parameters document: UTF-8, or UTF-16 with the mark that some editors write.
 *
 * @throws {Error} that says why these bytes are no text.
 */
export function decodeDocument(bytes: Uint8Array): DocumentText {
  if (bytes.byteLength > longestDocument) throw new Error(tooLong)
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8'
  const mark =
    encoding === 'utf-16le' || (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
  try {
    // A decoder takes the byte order mark off.
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), encoding, mark }
  } catch {
    throw new Error(`it is not ${encoding === 'utf-8' ? 'UTF-8' : 'UTF-16'} text`)
  }
}

/**
 * Parses the text of a parameters document.
 *
 * @throws {Error} that says why this text is none.
 */
export function parseDocument(text: string): ParametersDocument {
  if (text.trim() === '') throw new Error('it is empty; a document is {"trace2":1,"parameters":{}}')
  const parameters = readParameters(parsed(text))
  if (!parameters) throw new Error('it is not a parameters document')
  const twice = repeatedKey(text)
  if (twice) {
    const key = JSON.stringify(twice.key)
    throw new Error(
      `it has the key ${key} twice in one object, the second time on line ${twice.line}`,
    )
  }
  return parameters
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const mark = /^(?:<{7}|\|{7}|={7}|>{7})(?: |\r?$)/m.exec(text)
    if (mark) throw new Error(`line ${lineAt(text, mark.index)} is the mark of a merge conflict`)
    throw new Error(whereOf(error, text), { cause: error })
  }
}

/** What a parser says, with the line, which some parsers do not name. */
function whereOf(error: unknown, text: string): string {
  const said = (error instanceof Error ? error.message : String(error)).replace(/\.$/, '')
  const start = /^\s*(?=\/)/.exec(text)?.[0].length
  const position = start ?? /at position (\d+)/.exec(said)?.[1]
  if (position === undefined) return said
  const offset = Number(position)
  const line = lineAt(text, offset)
  if (/^\/[/*]/.test(text.slice(offset, offset + 2))) {
    return `line ${line} has a comment, which JSON does not allow`
  }
  return / line \d/.test(said) ? said : `${said}, on line ${line}`
}

/**
 * Reads a parameters document from its bytes.
 *
 * @throws {Error} that says why these bytes are none.
 */
export function readDocument(bytes: Uint8Array): ParametersDocument {
  return parseDocument(decodeDocument(bytes).text)
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

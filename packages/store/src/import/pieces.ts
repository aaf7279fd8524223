import { raise } from '../errors.ts'
import { foreignFile } from './foreign-file.ts'

export type Shape = 'json' | 'protobuf'

/** One request within a file. */
export interface Piece {
  readonly shape: Shape
  /** Its line or number, from 1. */
  readonly line: number
  /** Absent where it is so long that no collector would take it. */
  readonly bytes: Uint8Array | undefined
}

/** Longest request: as much as the receiver takes. */
export const MAX_PIECE = 64 * 1024 * 1024

const NEWLINE = 10
/** First byte of an ExportTraceServiceRequest: field 1, length-delimited. */
const FIRST_TAG = 0x0a

/** Bytes by which it is told what a file is. */
const HEAD = 512

/** Splits a file into requests; which kind of file it is shows in its first bytes. */
export async function* pieces(content: AsyncIterable<Buffer>): AsyncGenerator<Piece> {
  const source = new Source(content)
  const head = await source.peek(HEAD)
  const foreign = foreignFile(head)
  if (foreign !== undefined) throw raise('T2_IMPORT', foreign)
  switch (formOf(head)) {
    case 'lines':
      yield* jsonPieces(source)
      break
    case 'request':
      yield { shape: 'protobuf', line: 1, bytes: await source.rest() }
      break
    case 'prefixed':
      yield* prefixedPieces(source)
      break
    case undefined:
      throw raise('T2_IMPORT', 'The file is neither OTLP JSON nor OTLP protobuf.')
  }
}

type Form = 'lines' | 'request' | 'prefixed'

function formOf(head: Buffer): Form | undefined {
  const text = head.toString('latin1').replace(/^\xef\xbb\xbf/, '')
  // A blank line looks like the tag, but no protobuf request has nothing else before a brace.
  if (/^[\t\n\r ]*(?:\{|$)/.test(text)) return 'lines'
  if (head[0] === FIRST_TAG) return 'request'
  if ((head[0] ?? 0) <= MAX_PIECE >> 24 && head[4] === FIRST_TAG) return 'prefixed'
  // Lines of other text are told one by one.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they show that it is no text.
  return /[\x00-\x08\x0e-\x1f]/.test(text) ? undefined : 'lines'
}

/** One request per line; a file whose first line is no request by itself is one request as a whole. */
async function* jsonPieces(source: Source): AsyncGenerator<Piece> {
  let line = 0
  let any = false
  for (let bytes = await source.line(); bytes; bytes = await source.line()) {
    line++
    if (bytes === TOO_LONG) {
      yield { shape: 'json', line, bytes: undefined }
      continue
    }
    const text = bytes.toString('utf8').trim()
    if (text === '' || text === '\ufeff') continue
    const [, opening] = /^\ufeff?([{[])$/.exec(text) ?? []
    if (!any && opening !== undefined) {
      const rest = await source.rest()
      yield { shape: 'json', line, bytes: rest && Buffer.concat([Buffer.from(opening), rest]) }
      return
    }
    any = true
    yield { shape: 'json', line, bytes: Buffer.from(text.replace(/^\ufeff/, '')) }
  }
}

/** Each request after its length, four bytes, the most significant first. */
async function* prefixedPieces(source: Source): AsyncGenerator<Piece> {
  for (let line = 1; ; line++) {
    const prefix = await source.take(4)
    if (prefix.byteLength === 0) return
    const length = prefix.byteLength === 4 ? prefix.readUInt32BE() : 0
    if (length > MAX_PIECE) {
      await source.skip(length)
      yield { shape: 'protobuf', line, bytes: undefined }
      continue
    }
    const bytes = await source.take(length)
    if (prefix.byteLength < 4 || bytes.byteLength < length) {
      throw raise('T2_IMPORT', `The file ends within message ${line}.`)
    }
    yield { shape: 'protobuf', line, bytes }
  }
}

/** Stands for a line that was passed over. */
const TOO_LONG = Buffer.alloc(0)

/** Bytes of a stream, taken in the pieces that a format has. */
class Source {
  readonly #iterator: AsyncIterator<Buffer>
  #chunks: Buffer[] = []
  #size = 0

  constructor(content: AsyncIterable<Buffer>) {
    this.#iterator = content[Symbol.asyncIterator]()
  }

  async peek(count: number): Promise<Buffer> {
    await this.#fill(count)
    return this.#joined().subarray(0, count)
  }

  /** Fewer than `count` only at the end. */
  async take(count: number): Promise<Buffer> {
    await this.#fill(count)
    return this.#cut(Math.min(count, this.#size))
  }

  /** `undefined` where it is too long. */
  async rest(): Promise<Buffer | undefined> {
    while (await this.#more()) {
      if (this.#size > MAX_PIECE) {
        await this.skip(Number.POSITIVE_INFINITY)
        return undefined
      }
    }
    return this.#cut(this.#size)
  }

  /** Passes over some bytes without keeping them. */
  async skip(count: number): Promise<void> {
    for (let left = count; ; ) {
      const cut = Math.min(left, this.#size)
      this.#cut(cut)
      left -= cut
      if (left === 0 || !(await this.#more())) return
    }
  }

  /** The next line without its end; `undefined` at the end of the file. One that is too long is passed over. */
  async line(): Promise<Buffer | undefined> {
    let searched = 0
    for (;;) {
      const buffered = this.#joined()
      const end = buffered.indexOf(NEWLINE, searched)
      if (end > MAX_PIECE) return this.#skipLine()
      if (end >= 0) return this.#cut(end + 1).subarray(0, end)
      searched = buffered.byteLength
      if (searched > MAX_PIECE) return this.#skipLine()
      if (!(await this.#moreThan(searched)))
        return this.#size > 0 ? this.#cut(this.#size) : undefined
    }
  }

  async #skipLine(): Promise<Buffer> {
    for (;;) {
      const end = this.#joined().indexOf(NEWLINE)
      this.#cut(end >= 0 ? end + 1 : this.#size)
      if (end >= 0 || !(await this.#more())) return TOO_LONG
    }
  }

  /** Reads about as much again, so that a long line is joined a few times only. */
  async #moreThan(size: number): Promise<boolean> {
    let any = false
    while (this.#size <= size * 2 && (await this.#more())) any = true
    return any
  }

  async #fill(count: number): Promise<void> {
    while (this.#size < count && (await this.#more()));
  }

  async #more(): Promise<boolean> {
    const { value, done } = await this.#iterator.next()
    if (done) return false
    this.#chunks.push(value)
    this.#size += value.byteLength
    return true
  }

  #joined(): Buffer {
    const [only] = this.#chunks
    if (this.#chunks.length === 1 && only) return only
    const joined = Buffer.concat(this.#chunks)
    this.#chunks = [joined]
    return joined
  }

  #cut(count: number): Buffer {
    const joined = this.#joined()
    this.#chunks = [joined.subarray(count)]
    this.#size -= count
    return joined.subarray(0, count)
  }
}

import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { raise } from '../errors.ts'

/** Names standard input where a file is expected. */
export const STANDARD_INPUT = '-'

/** What a file holds, unpacked and in UTF-8. */
export interface FileBytes {
  /** The bytes up to the end, or up to where they cannot be read any more: {@link FileBytes.failure} says why then. */
  readonly chunks: AsyncIterable<Buffer>
  /** Size of the file; 0 of a pipe, which has none. */
  readonly totalBytes: number
  /** Bytes of the file that were read so far. */
  bytesRead(): number
  /** Why the file could not be read to its end; `undefined` where it could. */
  failure(): string | undefined
  close(): void
}

/**
 * Opens a file or a pipe; `-` is standard input.
 *
 * @throws {Trace2Error} `T2_IMPORT` where there is none, or it is a directory.
 */
export async function openBytes(path: string): Promise<FileBytes> {
  const totalBytes = path === STANDARD_INPUT ? 0 : await sizeOf(path)
  let file: Readable | undefined
  let bytes = 0
  let failure: string | undefined
  const fails = (error: unknown) => {
    failure ??= error instanceof Error ? error.message : String(error)
  }
  const counted = (async function* () {
    try {
      file = path === STANDARD_INPUT ? process.stdin : createReadStream(path)
      for await (const chunk of read(file)) {
        bytes += chunk.byteLength
        yield chunk
      }
    } catch (error) {
      fails(error)
    }
  })()
  return {
    chunks: decoded(counted, fails),
    totalBytes,
    bytesRead: () => bytes,
    failure: () => failure,
    close: () => {
      if (path !== STANDARD_INPUT) file?.destroy()
    },
  }
}

async function sizeOf(path: string): Promise<number> {
  let found: Awaited<ReturnType<typeof stat>>
  try {
    found = await stat(path)
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    const reason = error instanceof Error ? error.message : String(error)
    const message = isMissing ? `There is no file ${path}.` : `Cannot read ${path}: ${reason}`
    throw raise('T2_IMPORT', message, { cause: error })
  }
  if (found.isDirectory()) throw raise('T2_IMPORT', `${path} is a directory.`)
  return found.isFile() ? found.size : 0
}

async function* read(file: Readable): AsyncGenerator<Buffer> {
  for await (const chunk of file) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
}

/** Unpacks and decodes what begins as gzip or UTF-16 does. */
async function* decoded(
  chunks: AsyncIterable<Buffer>,
  fails: (error: unknown) => void,
): AsyncGenerator<Buffer> {
  const [packed, all] = await withHead(chunks)
  const isGzip = packed[0] === 0x1f && packed[1] === 0x8b
  const [head, plain] = await withHead(isGzip ? gunzipped(all, fails) : all)
  const encoding = encodingOf(head)
  if (encoding === undefined) yield* plain
  else yield* inUtf8(plain, encoding)
}

/** Windows writes text with such a mark; UTF-8 with one is left to whoever reads it. */
function encodingOf([first, second]: Buffer): string | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined
}

/** The first two bytes, or fewer at the end, and all chunks, these included. */
async function withHead(
  chunks: AsyncIterable<Buffer>,
): Promise<readonly [head: Buffer, all: AsyncIterable<Buffer>]> {
  const iterator = chunks[Symbol.asyncIterator]()
  let head: Buffer = Buffer.alloc(0)
  while (head.byteLength < 2) {
    const { value, done } = await iterator.next()
    if (done) break
    head = Buffer.concat([head, value])
  }
  const first = head
  const all = (async function* () {
    if (first.byteLength > 0) yield first
    for (let next = await iterator.next(); !next.done; next = await iterator.next())
      yield next.value
  })()
  return [head, all]
}

/** What can be unpacked; a stream of Node.js would drop what it has unpacked when it comes to damage. */
async function* gunzipped(
  chunks: AsyncIterable<Buffer>,
  fails: (error: unknown) => void,
): AsyncGenerator<Buffer> {
  const gunzip = createGunzip()
  let unpacked: Buffer[] = []
  let isOver = false
  gunzip.on('data', (chunk: Buffer) => unpacked.push(chunk))
  const over = new Promise<void>((resolve) => {
    const end = () => {
      isOver = true
      resolve()
    }
    gunzip.once('end', end)
    gunzip.once('error', (error) => {
      fails(new Error(`The gzip data is damaged or cut (${error.message}).`))
      end()
    })
  })
  const take = () => {
    const taken = unpacked
    unpacked = []
    return taken
  }
  for await (const chunk of chunks) {
    await Promise.race([new Promise((resolve) => gunzip.write(chunk, resolve)), over])
    yield* take()
    if (isOver) return
  }
  gunzip.end()
  await over
  yield* take()
}

async function* inUtf8(chunks: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding)
  for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }))
  yield Buffer.from(decoder.decode())
}

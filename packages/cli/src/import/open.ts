import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { raise } from '../errors.ts'
import { peek } from './peek.ts'

export interface OpenFile {
  /** Its content, decompressed. */
  readonly content: AsyncIterable<Uint8Array>
  /** Bytes on disk, or `undefined` for standard input. */
  readonly size: number | undefined
  /** Bytes on disk read so far. */
  read(): number
}

const gzipStart = Buffer.from([0x1f, 0x8b])
const zstdStart = Buffer.from([0x28, 0xb5, 0x2f, 0xfd])

/** Opens a file of traces, gzip or not; `-` is standard input. */
export async function openTraceFile(path: string): Promise<OpenFile> {
  const size = path === '-' ? undefined : await sizeOf(path)
  let read = 0
  const source: AsyncIterable<Uint8Array> = path === '-' ? process.stdin : createReadStream(path)
  const { start, all } = await peek(
    Readable.from(source).map((chunk: Uint8Array) => {
      read += chunk.byteLength
      return chunk
    }),
  )
  if (zstdStart.equals(start.subarray(0, 4))) {
    throw raise(
      'T2_FILE',
      `${path} is compressed with zstd: unpack it first, for example with \`zstd -d\`.`,
    )
  }
  const isGzip = gzipStart.equals(start.subarray(0, 2))
  const content = isGzip ? Readable.from(all).compose(createGunzip()) : all
  return { content, size, read: () => read }
}

async function sizeOf(path: string): Promise<number> {
  try {
    const found = await stat(path)
    if (found.isFile() || found.isFIFO()) return found.size
  } catch (error) {
    throw raise('T2_FILE', `${path} cannot be read.`, { cause: error })
  }
  throw raise('T2_FILE', `${path} is not a file.`)
}

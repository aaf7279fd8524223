import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { isGzip } from '@trace2/store/otlp'

const unzip = promisify(gunzip)

/** A request body that cannot be taken, with the status that says so. */
export class BodyError extends Error {
  override readonly name = 'BodyError'
  readonly status: 400 | 413 | 503

  constructor(status: 400 | 413 | 503, message: string) {
    super(message)
    this.status = status
  }
}

/** Bounds what the bodies of all requests under way take together. */
export class BodyRoom {
  #free: number

  constructor(bytes: number) {
    this.#free = bytes
  }

  /**
   * Room for one request, which it gives back when it is answered.
   *
   * @throws {BodyError} from `take`, 503: the sender tries again.
   */
  enter(): { take(bytes: number): void; leave(): void } {
    let taken = 0
    return {
      take: (bytes) => {
        if (bytes > this.#free) throw new BodyError(503, 'too many large requests at once')
        this.#free -= bytes
        taken += bytes
      },
      leave: () => {
        this.#free += taken
        taken = 0
      },
    }
  }
}

const unbounded = () => undefined

/**
 * Reads a body, unpacked. `limit` bounds its bytes both on the wire, counted as they come, and after unpacking.
 *
 * @param take told of bytes before they are kept; what it throws ends the reading.
 */
export async function readBody(
  request: Request,
  limit: number,
  take: (bytes: number) => void = unbounded,
): Promise<Uint8Array> {
  const encoding = (request.headers.get('content-encoding') ?? '').trim().toLowerCase()
  const zipped = encoding === 'gzip' || encoding === 'x-gzip'
  if (!zipped && !['', 'identity', 'none'].includes(encoding)) {
    throw new BodyError(400, `unsupported content encoding ${encoding.slice(0, 40)}`)
  }
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw tooLarge(limit)
  const wire = await collect(request, limit, take)
  // Neither encoding of OTLP begins so: some senders leave the header out.
  if (!zipped && !isGzip(wire)) return wire
  const unpacked = await decompress(wire, limit)
  take(unpacked.byteLength)
  return unpacked
}

async function collect(
  request: Request,
  limit: number,
  take: (bytes: number) => void,
): Promise<Uint8Array> {
  if (!request.body) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body) {
    size += chunk.byteLength
    if (size > limit) throw tooLarge(limit)
    take(chunk.byteLength)
    chunks.push(chunk)
  }
  const [only] = chunks
  return chunks.length === 1 && only ? only : Buffer.concat(chunks)
}

async function decompress(wire: Uint8Array, limit: number): Promise<Uint8Array> {
  try {
    return await unzip(wire, { maxOutputLength: limit })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit)
    throw new BodyError(400, `gzip: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function tooLarge(limit: number): BodyError {
  return new BodyError(413, `the body is larger than ${limit} bytes`)
}

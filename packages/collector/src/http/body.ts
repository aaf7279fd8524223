import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'

const unzip = promisify(gunzip)

/** A request body that cannot be taken, with the status that says so. */
export class BodyError extends Error {
  override readonly name = 'BodyError'
  readonly status: 400 | 413

  constructor(status: 400 | 413, message: string) {
    super(message)
    this.status = status
  }
}

/** Reads a body, unpacked. `limit` bounds its bytes both on the wire, counted as they come, and after unpacking. */
export async function readBody(request: Request, limit: number): Promise<Uint8Array> {
  const encoding = (request.headers.get('content-encoding') ?? 'identity').trim().toLowerCase()
  if (encoding !== 'identity' && encoding !== 'none' && encoding !== 'gzip') {
    throw new BodyError(400, `unsupported content encoding ${encoding.slice(0, 40)}`)
  }
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw tooLarge(limit)
  const wire = await collect(request, limit)
  return encoding === 'gzip' ? decompress(wire, limit) : wire
}

async function collect(request: Request, limit: number): Promise<Uint8Array> {
  if (!request.body) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body) {
    size += chunk.byteLength
    if (size > limit) throw tooLarge(limit)
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

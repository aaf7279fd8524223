import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { contentTypes, type OtlpEncoding } from '@trace2/store/otlp'
import type { EntryKind } from '../journal/entry.ts'
import { type PartialSuccess, partialSuccess } from './partial-success.ts'
import { type ForwardTarget, headersOf } from './target.ts'

/** A request as it goes to a target. */
export interface Outgoing {
  readonly signal: EntryKind
  readonly address: string
  /** Whether the receiver unpacks it: every OTLP receiver does, few other APIs do. */
  readonly packable: boolean
  readonly encoding: OtlpEncoding
  readonly body: Uint8Array
}

/** What became of one attempt. */
export type Delivery =
  | { readonly outcome: 'delivered'; readonly partial: PartialSuccess | undefined }
  /** Try again, after so long if the target said so. */
  | { readonly outcome: 'retry'; readonly afterMs: number | undefined; readonly reason: string }
  /** It may be taken in smaller parts. */
  | { readonly outcome: 'too-large'; readonly reason: string }
  /** It will never be taken. */
  | { readonly outcome: 'refused'; readonly reason: string }

const TIMEOUT_MS = 30_000
const MAX_REASON = 500
/** Answers are no longer, by the specification; what a target says beyond it is not read. */
const MAX_ANSWER = 4 * 1024 * 1024
const compress = promisify(gzip)

// 401 says nothing of the request: the credentials are wrong or have run out, and the next request would fare alike.
const retryable = new Set([401, 429, 502, 503, 504])

/** Sends a request to a target, once. */
export async function deliver(
  target: ForwardTarget,
  { address, packable, encoding, body }: Outgoing,
  abort: AbortSignal,
  timeoutMs: number = TIMEOUT_MS,
): Promise<Delivery> {
  const zipped = packable && target.compression === 'gzip'
  // Not AbortSignal.timeout within AbortSignal.any: Node 20 collects that as garbage, and then it never fires.
  const ending = new AbortController()
  const end = () => ending.abort(abort.reason)
  const timer = setTimeout(() => ending.abort(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs)
  abort.addEventListener('abort', end)
  if (abort.aborted) end()
  let response: Response
  let answer: Buffer
  try {
    response = await fetch(address, {
      method: 'POST',
      headers: {
        ...headersOf(target),
        'content-type': contentTypes[encoding],
        ...(zipped && { 'content-encoding': 'gzip' }),
      },
      body: Buffer.from(zipped ? await compress(body) : body),
      // A request that follows a redirection may arrive as a GET, and look as if it had been taken.
      redirect: 'manual',
      signal: ending.signal,
    })
    // The connection is free for the next request only when this one has been read.
    answer = await startOf(response)
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    return { outcome: 'retry', afterMs: undefined, reason: String(cause) }
  } finally {
    clearTimeout(timer)
    abort.removeEventListener('abort', end)
  }
  const type = response.headers.get('content-type') ?? ''
  if (response.ok) return { outcome: 'delivered', partial: partialSuccess(answer, type) }
  const reason = reasonOf(response, answer, type)
  if (response.status === 413) return { outcome: 'too-large', reason }
  if (!retryable.has(response.status)) return { outcome: 'refused', reason }
  return { outcome: 'retry', afterMs: retryAfter(response.headers.get('retry-after')), reason }
}

async function startOf(response: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk)
    size += chunk.byteLength
    if (size > MAX_ANSWER) break
  }
  return Buffer.concat(chunks)
}

function reasonOf({ status, statusText, headers }: Response, answer: Buffer, type: string): string {
  const location = headers.get('location')
  const words = /protobuf/.test(type) ? '' : answer.toString('utf8').trim().slice(0, MAX_REASON)
  return [`${status} ${statusText}`.trim(), location && `(to ${location})`, words]
    .filter(Boolean)
    .join(' ')
}

/** Seconds or a date. */
function retryAfter(value: string | null): number | undefined {
  if (value === null) return undefined
  const seconds = Number(value)
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - Date.now()
  return Number.isFinite(ms) ? Math.max(ms, 0) : undefined
}

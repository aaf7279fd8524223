import type { JournalEntry } from '../journal/entry.ts'
import { decodeTraces, type OtlpEncoding } from '../otlp/decode.ts'
import { encodeTraces } from '../otlp/encode-protobuf.ts'

export interface ForwardTarget {
  /** Base address, to which `/v1/traces` or `/v1/logs` is added; one that ends so is taken as it is. */
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  /** `protobuf` turns JSON into protobuf, for targets that take nothing else. Default: as it came. */
  readonly encoding?: 'as-sent' | 'protobuf'
}

/** What became of one attempt. */
export type Delivery =
  | { readonly outcome: 'delivered' }
  /** Try again, after so long if the target said so. */
  | { readonly outcome: 'retry'; readonly afterMs: number | undefined; readonly reason: string }
  /** It will never be taken. */
  | { readonly outcome: 'refused'; readonly reason: string }

const TIMEOUT_MS = 30_000
const retryable = new Set([429, 502, 503, 504])

/** Sends one journal entry to a target. */
export async function deliver(
  target: ForwardTarget,
  entry: JournalEntry,
  signal: AbortSignal,
): Promise<Delivery> {
  const { encoding, body } = transcoded(target, entry)
  let response: Response
  try {
    response = await fetch(addressOf(target.url, entry.signal), {
      method: 'POST',
      headers: {
        ...target.headers,
        'content-type': encoding === 'json' ? 'application/json' : 'application/x-protobuf',
      },
      body: Buffer.from(body),
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    })
    // The connection is free for the next request only when this one has been read.
    await response.arrayBuffer()
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    return { outcome: 'retry', afterMs: undefined, reason: String(cause) }
  }
  if (response.ok) return { outcome: 'delivered' }
  const reason = `${response.status} ${response.statusText}`
  if (!retryable.has(response.status)) return { outcome: 'refused', reason }
  return { outcome: 'retry', afterMs: retryAfter(response.headers.get('retry-after')), reason }
}

export function addressOf(url: string, signal: JournalEntry['signal']): string {
  const base = url.replace(/\/+$/, '')
  const known = /\/v1\/(traces|logs)$/.exec(base)
  return known ? `${base.slice(0, known.index)}/v1/${signal}` : `${base}/v1/${signal}`
}

/** As it came where the target takes that: nothing is lost that we do not understand. */
function transcoded(
  target: ForwardTarget,
  { signal, encoding, body }: JournalEntry,
): { readonly encoding: OtlpEncoding; readonly body: Uint8Array } {
  if (target.encoding !== 'protobuf' || encoding === 'protobuf' || signal !== 'traces') {
    return { encoding, body }
  }
  return { encoding: 'protobuf', body: encodeTraces(decodeTraces(body, encoding).spans) }
}

/** Seconds or a date. */
function retryAfter(value: string | null): number | undefined {
  if (value === null) return undefined
  const seconds = Number(value)
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - Date.now()
  return Number.isFinite(ms) ? Math.max(ms, 0) : undefined
}

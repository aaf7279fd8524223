import { isAscii } from 'node:buffer'
import { raise } from '../errors.ts'
import { requireParsable } from './allowance.ts'
import { isJsonLike, isProtobufLike, lookOfBytes } from './foreign-bytes.ts'
import { type DecodedLogs, logsFromJson, logsFromProtobuf } from './logs.ts'
import { readerOf, scannerOf } from './protobuf-reader.ts'
import type { SpanRecord } from './records.ts'
import type { TakenTraces, TakeSpan } from './rejection.ts'
import { tracesFromJson } from './traces-json.ts'
import { tracesFromProtobuf } from './traces-protobuf.ts'

/** How an OTLP message is encoded. */
export type OtlpEncoding = 'protobuf' | 'json'

/** Media type of each encoding. */
export const contentTypes: Readonly<Record<OtlpEncoding, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
}

/** The encoding that a `Content-Type` names: by media type, whatever its case and parameters. */
export function encodingOf(contentType: string | null): OtlpEncoding | undefined {
  const type = contentType?.split(';')[0]?.trim().toLowerCase()
  if (type === contentTypes.protobuf) return 'protobuf'
  return type === contentTypes.json ? 'json' : undefined
}

/** The encoding that a body has, where its first bytes leave no doubt; else the one that was announced. */
export function writtenIn(body: Uint8Array, announced: OtlpEncoding): OtlpEncoding {
  if (announced === 'protobuf') return isJsonLike(body) ? 'json' : 'protobuf'
  return isProtobufLike(body) ? 'protobuf' : 'json'
}

/** What a request carries. */
export type Signal = 'traces' | 'logs'

/** A request decoded: the good spans, and how many were rejected with the reasons (the first few). */
export interface DecodedTraces {
  readonly spans: SpanRecord[]
  readonly rejected: number
  readonly errors: readonly string[]
}

/**
 * Decodes the body of a request to `/v1/traces`. A span that cannot be taken (no valid ids, damaged, nested too
 * deep) is counted in `rejected` with its reason in `errors`; the others are in `spans`, in the order sent.
 *
 * @throws {Trace2Error} `T2_OTLP_INVALID` where nothing can be decoded, `T2_OTLP_WRONG_SIGNAL` for logs or metrics,
 *   `T2_OTLP_TOO_MANY` for more than a collector can hold at once.
 * @example const { spans, rejected } = decodeTraces(body, 'protobuf')
 */
export function decodeTraces(body: Uint8Array, encoding: OtlpEncoding): DecodedTraces {
  const spans: SpanRecord[] = []
  const { rejected, errors } = eachSpan(body, encoding, (span) => spans.push(span))
  return { spans, rejected, errors }
}

/**
 * Decodes spans as {@link decodeTraces} does, and gives each one to `take` as soon as it is decoded. One span at a time
 * needs hardly any memory.
 *
 * @throws what {@link decodeTraces} and `take` throw.
 */
export function eachSpan(body: Uint8Array, encoding: OtlpEncoding, take: TakeSpan): TakenTraces {
  let failure: { readonly error: unknown } | undefined
  const taking: TakeSpan = (span) => {
    try {
      take(span)
    } catch (error) {
      failure = { error }
      throw error
    }
  }
  try {
    return encoding === 'protobuf'
      ? tracesFromProtobuf(readerOf(body), taking)
      : tracesFromJson(parseJson(body), taking)
  } catch (error) {
    // The bytes are not to blame for it, as they are for the decoder's own.
    throw failure ? failure.error : error
  }
}

/** Counts the spans of a request that {@link decodeTraces} would take and reject, without keeping them. */
export function checkTraces(body: Uint8Array, encoding: OtlpEncoding): TakenTraces {
  const forget = () => undefined
  return encoding === 'protobuf'
    ? tracesFromProtobuf(scannerOf(body), forget)
    : eachSpan(body, encoding, forget)
}

/**
 * Decodes the body of a request to `/v1/logs`, as {@link decodeTraces} does for traces.
 *
 * @throws {Trace2Error} `T2_OTLP_INVALID`, `T2_OTLP_WRONG_SIGNAL`, `T2_OTLP_TOO_MANY`.
 */
export function decodeLogs(body: Uint8Array, encoding: OtlpEncoding): DecodedLogs {
  return encoding === 'protobuf' ? logsFromProtobuf(readerOf(body)) : logsFromJson(parseJson(body))
}

const BYTE_ORDER_MARK = 3

/** @throws {Trace2Error} `T2_OTLP_INVALID`. */
export function parseJson(body: Uint8Array): unknown {
  if (body.byteLength === 0) return {}
  requireParsable(body)
  try {
    const marked = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf
    const start = marked ? BYTE_ORDER_MARK : 0
    const text = Buffer.from(body.buffer, body.byteOffset + start, body.byteLength - start)
    // Most of what is sent has only ASCII in it, and that is quicker to read as such.
    return JSON.parse(text.toString(isAscii(text) ? 'latin1' : 'utf8'))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const look = lookOfBytes(body)
    throw raise('T2_OTLP_INVALID', `The body is not JSON: ${reason}${look}.`, { cause: error })
  }
}

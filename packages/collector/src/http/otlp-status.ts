import protobuf from 'protobufjs/minimal.js'
import type { OtlpEncoding } from '../otlp/decode.ts'

/** Codes of google.rpc.Status that the receiver uses. */
export const rpc = {
  invalidArgument: 3,
  permissionDenied: 7,
  resourceExhausted: 8,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const

/** Senders accept no more than 4 MiB; a message never comes near that. */
const MAX_MESSAGE = 4000

/** A google.rpc.Status in the sender's encoding. */
export function statusBody(encoding: OtlpEncoding, code: number, message: string): Uint8Array {
  const short = message.slice(0, MAX_MESSAGE).toWellFormed()
  if (encoding === 'json') return Buffer.from(JSON.stringify({ code, message: short }))
  return protobuf.Writer.create().uint32(8).int32(code).uint32(18).string(short).finish()
}

export interface PartialSuccess {
  readonly rejected: number
  readonly message: string
}

/** An ExportTraceServiceResponse or ExportLogsServiceResponse, which differ in one JSON name only. */
export function exportResponse(
  encoding: OtlpEncoding,
  partial: PartialSuccess | undefined,
  rejectedName: 'rejectedSpans' | 'rejectedLogRecords' = 'rejectedSpans',
): Uint8Array {
  if (!partial) return Buffer.from(encoding === 'json' ? '{}' : '')
  const errorMessage = partial.message.slice(0, MAX_MESSAGE).toWellFormed()
  if (encoding === 'json') {
    const partialSuccess = { [rejectedName]: String(partial.rejected), errorMessage }
    return Buffer.from(JSON.stringify({ partialSuccess }))
  }
  const writer = protobuf.Writer.create().uint32(10).fork()
  writer.uint32(8).int64(partial.rejected).uint32(18).string(errorMessage)
  return writer.ldelim().finish()
}

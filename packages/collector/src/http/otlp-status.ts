import { contentTypes, encodingOf, type OtlpEncoding } from '@trace2/store/otlp'
import protobuf from 'protobufjs/minimal.js'
import { pathAdvice } from './advice.ts'
import type { RefusalLog } from './refusal-log.ts'

/** Codes of google.rpc.Status that the receiver uses. */
export const rpc = {
  invalidArgument: 3,
  permissionDenied: 7,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const

/** Senders accept no more than 4 MiB; a message never comes near that. */
const MAX_MESSAGE = 4000
const LONGEST_PATH = 200

/** A google.rpc.Status in the sender's encoding. */
export function statusBody(encoding: OtlpEncoding, code: number, message: string): Uint8Array {
  const short = message.slice(0, MAX_MESSAGE).toWellFormed()
  if (encoding === 'json') return Buffer.from(JSON.stringify({ code, message: short }))
  return protobuf.Writer.create().uint32(8).int32(code).uint32(18).string(short).finish()
}

/** A google.rpc.Status as the answer to a request: in its encoding, in JSON where it has none of ours. */
export function statusAnswer(
  request: Request,
  status: number,
  { code, message }: { readonly code: number; readonly message: string },
  headers: Readonly<Record<string, string>> = {},
): Response {
  const encoding = encodingOf(request.headers.get('content-type')) ?? 'json'
  const body = Buffer.from(statusBody(encoding, code, message))
  return new Response(body, {
    status,
    headers: { ...headers, 'content-type': contentTypes[encoding] },
  })
}

/** Answers what comes to an address that there is none of, such as `/v1/metrics`. */
export function answerMissing(request: Request, refusals: RefusalLog): Response {
  const { pathname, origin } = new URL(request.url)
  const path = pathname.slice(0, LONGEST_PATH)
  const message = `There is no ${path}. ${pathAdvice(path, origin.slice(0, LONGEST_PATH))}`
  // Browsers and probes ask for all sorts of pages; exporters post.
  if (request.method === 'POST') refusals.tellOf(request, 404, message)
  return statusAnswer(request, 404, { code: rpc.unimplemented, message })
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

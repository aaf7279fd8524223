import { Trace2Error } from '@trace2/core'
import {
  checkTraces,
  contentTypes,
  decodeLogs,
  encodingOf,
  type OtlpEncoding,
  type Signal,
  writtenIn,
} from '@trace2/store/otlp'
import { concernsRun } from '@trace2/store/reading'
import type { ReceivedCounts } from '../health/stats.ts'
import type { Intake, IntakeBatch } from '../intake/intake.ts'
import { BodyError, type BodyRoom, readBody } from './body.ts'
import { exportResponse, type PartialSuccess, rpc, statusBody } from './otlp-status.ts'

export interface ReceiverOptions {
  readonly intake: Intake
  readonly maxBodyBytes: number
  readonly room: BodyRoom
  readonly received: ReceivedCounts
}

/** Answers one OTLP request: 200 only when everything in it that can be taken is durable. */
export async function receive(
  request: Request,
  signal: Signal,
  options: ReceiverOptions,
): Promise<Response> {
  if (request.method !== 'POST') {
    return plain(405, '405 method not allowed, supported: [POST]', { allow: 'POST' })
  }
  const encoding = encodingOf(request.headers.get('content-type'))
  if (!encoding) {
    const supported = Object.values(contentTypes).sort().join(', ')
    return plain(415, `415 unsupported media type, supported: [${supported}]`)
  }
  const room = options.room.enter()
  try {
    const body = await readBody(request, options.maxBodyBytes, room.take)
    const partial = await take({ signal, encoding: writtenIn(body, encoding), body }, options)
    return answer(200, encoding, exportResponse(encoding, partial, rejectedNames[signal]))
  } catch (error) {
    return failure(encoding, error)
  } finally {
    room.leave()
  }
}

const rejectedNames = { traces: 'rejectedSpans', logs: 'rejectedLogRecords' } as const

async function take(
  batch: IntakeBatch,
  { intake, received }: ReceiverOptions,
): Promise<PartialSuccess | undefined> {
  const { taken, rejected, errors, ignored } = checked(batch)
  if (taken > 0) await intake.accept(batch)
  if (batch.signal === 'traces') {
    received.accepted += taken
    received.rejected += rejected
  } else {
    received.logs += taken
    received.ignoredLogs += ignored
  }
  return rejected > 0 ? { rejected, message: errors.join('; ') } : undefined
}

/** What can be taken; what is kept is the request as it came. */
function checked({ signal, body, encoding }: IntakeBatch) {
  if (signal === 'logs') {
    const { records, rejected, errors } = decodeLogs(body, encoding)
    const ignored = records.filter((record) => !concernsRun(record)).length
    return { taken: records.length, rejected, errors, ignored }
  }
  return { ...checkTraces(body, encoding), ignored: 0 }
}

function failure(encoding: OtlpEncoding, error: unknown): Response {
  const message = error instanceof Error ? error.message : String(error)
  const status = error instanceof BodyError || error instanceof Trace2Error ? error.status : 503
  if (status === 400 || status === 413) {
    const code = status === 413 ? rpc.resourceExhausted : rpc.invalidArgument
    const text = error instanceof Trace2Error ? `${error.code}: ${message}` : message
    return answer(status, encoding, statusBody(encoding, code, text))
  }
  // Not stored, and perhaps later: the sender keeps it. A longer wait makes the stock exporter give up at once.
  const body = statusBody(encoding, rpc.unavailable, message)
  return answer(503, encoding, body, { 'retry-after': '1' })
}

function answer(
  status: number,
  encoding: OtlpEncoding,
  body: Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const all = { 'content-type': contentTypes[encoding], ...headers }
  return new Response(Buffer.from(body), { status, headers: all })
}

function plain(
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(text, { status, headers: { 'content-type': 'text/plain', ...headers } })
}

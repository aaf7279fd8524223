import { counted, Trace2Error } from '@trace2/core'
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
import { grpcAdvice, isGrpcType } from './advice.ts'
import { BodyError, type BodyRoom, readBody } from './body.ts'
import {
  exportResponse,
  type PartialSuccess,
  rpc,
  statusAnswer,
  statusBody,
} from './otlp-status.ts'
import type { RefusalLog } from './refusal-log.ts'

export interface ReceiverOptions {
  readonly intake: Intake
  readonly maxBodyBytes: number
  readonly room: BodyRoom
  readonly received: ReceivedCounts
  readonly refusals: RefusalLog
}

/** Answers one OTLP request: 200 only when everything in it that can be taken is durable. */
export async function receive(
  request: Request,
  signal: Signal,
  options: ReceiverOptions,
): Promise<Response> {
  const { refusals } = options
  if (request.method !== 'POST') {
    const message = `The method ${request.method} is not taken here: OTLP is sent with POST.`
    refusals.tellOf(request, 405, message)
    const told = { code: rpc.unimplemented, message }
    return statusAnswer(request, 405, told, { allow: 'POST' })
  }
  const encoding = encodingOf(request.headers.get('content-type'))
  if (!encoding) {
    const message = typeAdvice(request)
    refusals.tellOf(request, 415, message)
    return statusAnswer(request, 415, { code: rpc.invalidArgument, message })
  }
  const room = options.room.enter()
  try {
    const body = await readBody(request, options.maxBodyBytes, room.take)
    const partial = await take({ signal, encoding: writtenIn(body, encoding), body }, options)
    if (partial) refusals.tellOf(request, 200, partialText(partial, signal))
    return answer(200, encoding, exportResponse(encoding, partial, rejectedNames[signal]))
  } catch (error) {
    const { status, code, message, remedy } = failureOf(error)
    refusals.tellOf(request, status, remedy === '' ? message : `${message} ${remedy}`)
    // Not stored, and perhaps later: the sender keeps it. A longer wait makes the stock exporter give up at once.
    const headers: Record<string, string> = status === 503 ? { 'retry-after': '1' } : {}
    return answer(status, encoding, statusBody(encoding, code, message), headers)
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

function failureOf(error: unknown) {
  const text = error instanceof Error ? error.message : String(error)
  const asked = error instanceof BodyError || error instanceof Trace2Error ? error.status : 503
  const status = asked === 400 || asked === 413 ? asked : 503
  const isOurs = error instanceof Trace2Error
  const message = isOurs && status !== 503 ? `${error.code}: ${text}` : text
  return { status, code: codes[status], message, remedy: isOurs ? error.remedy : '' }
}

const codes = {
  400: rpc.invalidArgument,
  413: rpc.resourceExhausted,
  503: rpc.unavailable,
} as const

function typeAdvice(request: Request): string {
  const type = request.headers.get('content-type')
  if (isGrpcType(type)) return grpcAdvice(new URL(request.url).origin)
  const supported = Object.values(contentTypes).sort().join(' or ')
  const got = type === null ? 'There is no content type' : `The content type ${type} is not taken`
  return `${got}: send ${supported}.`
}

function partialText({ rejected, message }: PartialSuccess, signal: Signal): string {
  const what = signal === 'traces' ? 'span' : 'log record'
  return `${counted(rejected, what)} rejected: ${message}`
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

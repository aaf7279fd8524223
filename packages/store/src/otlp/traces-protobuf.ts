import { raise } from '../errors.ts'
import { Allowance } from './allowance.ts'
import type { Envelope } from './envelope.ts'
import { eachRecord } from './envelope-protobuf.ts'
import { idProblem, validBytes } from './ids.ts'
import {
  eachField,
  embedded,
  enter,
  FIXED64,
  fixed64,
  hex,
  keyValue,
  LENGTH_DELIMITED,
  leave,
  type Reader,
} from './protobuf-reader.ts'
import type { AnyValue, SpanEvent, SpanLink, SpanRecord } from './records.ts'
import { Outcome, SpanRejection, type TakenTraces, type TakeSpan } from './rejection.ts'
import { spanTimes } from './times.ts'

/** Reads an ExportTraceServiceRequest (opentelemetry-proto, trace/v1), fields straight into records. */
export function tracesFromProtobuf(input: Reader, take: TakeSpan): TakenTraces {
  const outcome = new Outcome('span', take)
  const allowance = new Allowance()
  eachRecord(input, allowance, (reader, envelope) =>
    outcome.attempt(() => readSpan(reader, envelope, allowance)),
  )
  const { taken, rejected, errors } = outcome
  return { taken, rejected, errors }
}

const TRACE_ID_DIGITS = 32
const metricName = /^[a-z][\w-]*(?:[./][\w-]+)+$/i

/** A Metric has its name where a Span has its trace id. */
function requireNoMetric(traceId: string): void {
  if (!metricName.test(Buffer.from(traceId, 'hex').toString('latin1'))) return
  throw raise('T2_OTLP_WRONG_SIGNAL', 'The body holds metrics, not traces.')
}

function readSpan(reader: Reader, envelope: Envelope, allowance: Allowance): SpanRecord {
  let traceId = ''
  let spanId = ''
  let parent = ''
  let traceState = ''
  let flags = 0
  let name = ''
  let kind = 0
  let startNs = 0n
  let endNs = 0n
  let status = unset
  let droppedAttributesCount = 0
  let droppedEventsCount = 0
  let droppedLinksCount = 0
  const attributes = new Map<string, AnyValue>()
  let events: SpanEvent[] = none
  let links: SpanLink[] = none
  while (reader.pos < reader.len) {
    const tag = reader.uint32()
    switch (tag) {
      case (1 << 3) | LENGTH_DELIMITED:
        traceId = hex(reader)
        if (traceId.length !== TRACE_ID_DIGITS) requireNoMetric(traceId)
        break
      case (1 << 3) | FIXED64:
        // A LogRecord has its time where a Span has its trace id, and shares the other field numbers of the envelope.
        throw raise('T2_OTLP_WRONG_SIGNAL', 'The body holds logs, not traces.')
      case (2 << 3) | LENGTH_DELIMITED:
        spanId = hex(reader)
        break
      case (3 << 3) | LENGTH_DELIMITED:
        traceState = reader.string()
        break
      case (4 << 3) | LENGTH_DELIMITED:
        parent = hex(reader)
        break
      case (5 << 3) | LENGTH_DELIMITED:
        name = reader.name()
        break
      case 6 << 3:
        kind = reader.uint32()
        break
      case (7 << 3) | FIXED64:
        startNs = fixed64(reader)
        break
      case (8 << 3) | FIXED64:
        endNs = fixed64(reader)
        break
      case (9 << 3) | LENGTH_DELIMITED:
        keyValue(reader, attributes)
        break
      case 10 << 3:
        droppedAttributesCount = reader.uint32()
        break
      case (11 << 3) | LENGTH_DELIMITED:
        allowance.take()
        if (events === none) events = []
        events.push(embedded(reader, () => readEvent(reader)))
        break
      case 12 << 3:
        droppedEventsCount = reader.uint32()
        break
      case (13 << 3) | LENGTH_DELIMITED:
        allowance.take()
        if (links === none) links = []
        readLink(reader, links)
        break
      case 14 << 3:
        droppedLinksCount = reader.uint32()
        break
      case (15 << 3) | LENGTH_DELIMITED:
        status = embedded(reader, () => readStatus(reader))
        break
      case (16 << 3) | FIXED32:
        flags = reader.fixed32()
        break
      default:
        reader.skipType(tag & 7)
    }
  }
  const validTrace = validBytes(traceId, 16)
  const validSpan = validBytes(spanId, 8)
  if (!validTrace) throw new SpanRejection(idProblem('traceId', traceId, 16))
  if (!validSpan) throw new SpanRejection(idProblem('spanId', spanId, 8))
  return {
    traceId: validTrace,
    spanId: validSpan,
    parentSpanId: validBytes(parent, 8),
    traceState,
    flags,
    name,
    kind,
    ...spanTimes(startNs, endNs),
    attributes,
    droppedAttributesCount,
    events,
    droppedEventsCount,
    links,
    droppedLinksCount,
    status,
    resource: envelope.resource(),
    scope: envelope.scope(),
  }
}

const FIXED32 = 5
const unset = { code: 0, message: '' }
/** Most spans have no events and no links; nobody writes to this one. */
const none: never[] = []

function readEvent(reader: Reader): SpanEvent {
  const attributes = new Map<string, AnyValue>()
  const event = { timeNs: 0n, name: '', attributes, droppedAttributesCount: 0 }
  eachField(reader, (field, wire) => {
    if (field === 1 && wire === FIXED64) event.timeNs = fixed64(reader)
    else if (field === 2 && wire === LENGTH_DELIMITED) event.name = reader.string()
    else if (field === 3 && wire === LENGTH_DELIMITED) keyValue(reader, attributes)
    else if (field === 4 && wire === 0) event.droppedAttributesCount = reader.uint32()
    else return false
    return true
  })
  return event
}

/** A link without valid ids points nowhere and is left out. */
function readLink(reader: Reader, into: SpanLink[]): void {
  const outer = enter(reader)
  let traceId = ''
  let spanId = ''
  const attributes = new Map<string, AnyValue>()
  const link = { traceState: '', flags: 0, attributes, droppedAttributesCount: 0 }
  eachField(reader, (field, wire) => {
    if (field === 1 && wire === LENGTH_DELIMITED) traceId = hex(reader)
    else if (field === 2 && wire === LENGTH_DELIMITED) spanId = hex(reader)
    else if (field === 3 && wire === LENGTH_DELIMITED) link.traceState = reader.string()
    else if (field === 4 && wire === LENGTH_DELIMITED) keyValue(reader, attributes)
    else if (field === 5 && wire === 0) link.droppedAttributesCount = reader.uint32()
    else if (field === 6 && wire === 5) link.flags = reader.fixed32()
    else return false
    return true
  })
  leave(reader, outer)
  const validTrace = validBytes(traceId, 16)
  const validSpan = validBytes(spanId, 8)
  if (validTrace && validSpan) into.push({ ...link, traceId: validTrace, spanId: validSpan })
}

function readStatus(reader: Reader): { code: number; message: string } {
  const status = { code: 0, message: '' }
  eachField(reader, (field, wire) => {
    if (field === 2 && wire === LENGTH_DELIMITED) status.message = reader.string()
    else if (field === 3 && wire === 0) status.code = reader.uint32()
    else return false
    return true
  })
  return status
}

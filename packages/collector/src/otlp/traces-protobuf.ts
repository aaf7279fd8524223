import { raise } from '../errors.ts'
import { Allowance } from './allowance.ts'
import type { Envelope } from './envelope.ts'
import { eachRecord } from './envelope-protobuf.ts'
import { idProblem, validId } from './ids.ts'
import type { AnyValue, SpanEvent, SpanLink, SpanRecord } from './model.ts'
import {
  eachField,
  embedded,
  FIXED64,
  fixed64,
  hex,
  keyValue,
  LENGTH_DELIMITED,
  type Reader,
} from './protobuf-reader.ts'
import { type DecodedTraces, Outcome, SpanRejection } from './rejection.ts'

/** Reads an ExportTraceServiceRequest (opentelemetry-proto, trace/v1), fields straight into records. */
export function tracesFromProtobuf(input: Reader): DecodedTraces {
  const outcome = new Outcome<SpanRecord>('span')
  const allowance = new Allowance()
  eachRecord(input, allowance, (reader, envelope) =>
    outcome.attempt(() => readSpan(reader, envelope, allowance)),
  )
  const { records: spans, rejected, errors } = outcome
  return { spans, rejected, errors }
}

function readSpan(reader: Reader, envelope: Envelope, allowance: Allowance): SpanRecord {
  let traceId = ''
  let spanId = ''
  let parent = ''
  const attributes = new Map<string, AnyValue>()
  const events: SpanEvent[] = []
  const links: SpanLink[] = []
  const span = {
    traceState: '',
    flags: 0,
    name: '',
    kind: 0,
    startNs: 0n,
    endNs: 0n,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
    status: { code: 0, message: '' },
  }
  eachField(reader, (field, wire) => {
    // A LogRecord has its time where a Span has its trace id, and shares the other field numbers of the envelope.
    if (field === 1 && wire === FIXED64) {
      throw raise('T2_OTLP_WRONG_SIGNAL', 'The body holds logs, not traces.')
    }
    if (wire === LENGTH_DELIMITED) {
      if (field === 1) traceId = hex(reader)
      else if (field === 2) spanId = hex(reader)
      else if (field === 3) span.traceState = reader.string()
      else if (field === 4) parent = hex(reader)
      else if (field === 5) span.name = reader.string()
      else if (field === 9) keyValue(reader, attributes)
      else if (field === 11 || field === 13) {
        allowance.take()
        if (field === 11) events.push(embedded(reader, () => readEvent(reader)))
        else embedded(reader, () => readLink(reader, links))
      } else if (field === 15) span.status = embedded(reader, () => readStatus(reader))
      else return false
    } else if (wire === 0) {
      if (field === 6) span.kind = reader.uint32()
      else if (field === 10) span.droppedAttributesCount = reader.uint32()
      else if (field === 12) span.droppedEventsCount = reader.uint32()
      else if (field === 14) span.droppedLinksCount = reader.uint32()
      else return false
    } else if (wire === FIXED64 && field === 7) span.startNs = fixed64(reader)
    else if (wire === FIXED64 && field === 8) span.endNs = fixed64(reader)
    else if (wire === 5 && field === 16) span.flags = reader.fixed32()
    else return false
    return true
  })
  const validTrace = validId(traceId, 16)
  const validSpan = validId(spanId, 8)
  if (!validTrace) throw new SpanRejection(idProblem('traceId', traceId, 16))
  if (!validSpan) throw new SpanRejection(idProblem('spanId', spanId, 8))
  return {
    ...span,
    traceId: validTrace,
    spanId: validSpan,
    parentSpanId: validId(parent, 8),
    attributes,
    events,
    links,
    resource: envelope.resource(),
    scope: envelope.scope(),
  }
}

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
  const validTrace = validId(traceId, 16)
  const validSpan = validId(spanId, 8)
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

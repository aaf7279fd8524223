import { Allowance } from './allowance.ts'
import type { Envelope } from './envelope.ts'
import { eachJsonRecord } from './envelope-json.ts'
import { idProblem, validId } from './ids.ts'
import { givenTime, timeOf } from './json-times.ts'
import { attributesOf, integer, items, member, textOf } from './json-values.ts'
import type { SpanEvent, SpanLink, SpanRecord } from './records.ts'
import { Outcome, SpanRejection, type TakenTraces, type TakeSpan } from './rejection.ts'
import { spanTimes } from './times.ts'
import { spanKinds, statusCodes } from './transcode/schema.ts'

/** Reads a parsed OTLP JSON request (`{"resourceSpans": […]}`). Lenient wherever the meaning is clear. */
export function tracesFromJson(body: unknown, take: TakeSpan): TakenTraces {
  const outcome = new Outcome('span', take)
  const allowance = new Allowance()
  eachJsonRecord(body, 'Spans', 'spans', allowance, (value, envelope) =>
    outcome.attempt(() => spanOf(value, envelope, allowance)),
  )
  const { taken, rejected, errors } = outcome
  return { taken, rejected, errors }
}

function spanOf(value: unknown, envelope: Envelope, allowance: Allowance): SpanRecord {
  const rawTraceId = member(value, 'traceId')
  const rawSpanId = member(value, 'spanId')
  const rawParent = member(value, 'parentSpanId')
  const traceId = validId(rawTraceId, 16)
  const spanId = validId(rawSpanId, 8)
  if (!traceId) throw new SpanRejection(idProblem('traceId', rawTraceId, 16))
  if (!spanId) throw new SpanRejection(idProblem('spanId', rawSpanId, 8))
  const status = member(value, 'status')
  const events = items(member(value, 'events'))
  const links = items(member(value, 'links'))
  for (let i = events.length + links.length; i > 0; i--) allowance.take()
  return {
    traceId,
    spanId,
    parentSpanId: validId(rawParent, 8),
    traceState: textOf(member(value, 'traceState')),
    flags: integer(member(value, 'flags')),
    name: textOf(member(value, 'name')),
    kind: enumeration(member(value, 'kind'), spanKinds),
    ...spanTimes(
      givenTime('startTimeUnixNano', member(value, 'startTimeUnixNano')),
      givenTime('endTimeUnixNano', member(value, 'endTimeUnixNano')),
    ),
    attributes: attributesOf(member(value, 'attributes')),
    droppedAttributesCount: integer(member(value, 'droppedAttributesCount')),
    events: events.map(eventOf),
    droppedEventsCount: integer(member(value, 'droppedEventsCount')),
    links: links.flatMap(linkOf),
    droppedLinksCount: integer(member(value, 'droppedLinksCount')),
    status: {
      code: enumeration(member(status, 'code'), statusCodes),
      message: textOf(member(status, 'message')),
    },
    resource: envelope.resource(),
    scope: envelope.scope(),
  }
}

function eventOf(value: unknown): SpanEvent {
  return {
    timeNs: timeOf(member(value, 'timeUnixNano')) ?? 0n,
    name: textOf(member(value, 'name')),
    attributes: attributesOf(member(value, 'attributes')),
    droppedAttributesCount: integer(member(value, 'droppedAttributesCount')),
  }
}

/** A link without valid ids points nowhere and is left out. */
function linkOf(value: unknown): SpanLink[] {
  const traceId = validId(member(value, 'traceId'), 16)
  const spanId = validId(member(value, 'spanId'), 8)
  if (!traceId || !spanId) return []
  return [
    {
      traceId,
      spanId,
      traceState: textOf(member(value, 'traceState')),
      flags: integer(member(value, 'flags')),
      attributes: attributesOf(member(value, 'attributes')),
      droppedAttributesCount: integer(member(value, 'droppedAttributesCount')),
    },
  ]
}

/** Enums are integers on the wire; their names (`SPAN_KIND_SERVER`) are understood as well. */
function enumeration(value: unknown, names: readonly string[]): number {
  if (typeof value === 'string' && !/^\d+$/.test(value)) {
    return Math.max(0, names.indexOf(value.slice(value.lastIndexOf('_') + 1).toUpperCase()))
  }
  return integer(value)
}

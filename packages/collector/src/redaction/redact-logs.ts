import type { LogRecord, OtlpEncoding } from '@trace2/store/otlp'
import {
  anyValue,
  attributesOf,
  otlpAttributes,
  otlpValue,
  SpanRejection,
  transcode,
} from '@trace2/store/otlp'
import { redactAttributes } from './redact-attributes.ts'
import type { Redactor } from './redactor.ts'

/** A log record without what the rules take out. */
export function redactLog(record: LogRecord, redactor: Redactor): LogRecord {
  return {
    ...record,
    name: redactor.text(record.name),
    body: redactor.value(record.body),
    attributes: redactAttributes(record.attributes, redactor),
  }
}

/** Ids and times, which hold no content. */
const kept: ReadonlySet<string> = new Set([
  'traceId',
  'spanId',
  'timeUnixNano',
  'observedTimeUnixNano',
])

/**
 * A logs request (JSON) without what the rules take out; everything else that OTLP names stays. What it does not
 * name is left out, because no rule could tell what it is.
 */
export function redactedLogs(
  body: Uint8Array,
  encoding: OtlpEncoding,
  redactor: Redactor,
): Uint8Array {
  // Protobuf has no other fields than those that OTLP names, and each in one form.
  const known = transcode('logs', body, encoding, 'protobuf').body
  const json = Buffer.from(transcode('logs', known, 'protobuf', 'json').body).toString('utf8')
  return Buffer.from(JSON.stringify(redacted(JSON.parse(json), redactor)))
}

function redacted(part: unknown, redactor: Redactor): unknown {
  if (typeof part === 'string') return redactor.text(part)
  if (Array.isArray(part)) return part.flatMap((item) => unlessTooDeep(item, redactor))
  if (typeof part !== 'object' || part === null) return part
  const members = Object.entries(part).map(([name, value]): [string, unknown] => {
    if (kept.has(name)) return [name, value]
    if (name === 'body') return [name, otlpValue(redactor.value(anyValue(value)))]
    if (name !== 'attributes') return [name, redacted(value, redactor)]
    return [name, otlpAttributes(redactAttributes(attributesOf(value), redactor))]
  })
  return Object.fromEntries(members)
}

/** A record that holds a value nested deeper than is read was rejected when it came. */
function unlessTooDeep(item: unknown, redactor: Redactor): unknown[] {
  try {
    return [redacted(item, redactor)]
  } catch (error) {
    if (error instanceof SpanRejection) return []
    throw error
  }
}

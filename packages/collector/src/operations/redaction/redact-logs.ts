import { isList } from '../../otlp/attribute-json.ts'
import type { LogRecord } from '../../otlp/logs.ts'
import type { AnyValue, Attributes } from '../../otlp/model.ts'
import { redactAttributes } from './redact-span.ts'
import type { Redactor } from './redactor.ts'

/** An OTLP logs request (JSON) of the records, as far as they are decoded, without what the rules take out. */
export function redactedLogs(records: readonly LogRecord[], redactor: Redactor): Uint8Array {
  const logRecords = records.map((record) => ({
    timeUnixNano: String(record.timeNs),
    eventName: record.name,
    body: otlpValue(redactor.value(record.body)),
    attributes: otlpAttributes(redactAttributes(record.attributes, redactor)),
    ...(record.traceId ? { traceId: record.traceId } : {}),
    ...(record.spanId ? { spanId: record.spanId } : {}),
  }))
  return Buffer.from(JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }))
}

function otlpAttributes(attributes: Attributes): unknown[] {
  return [...attributes].map(([key, value]) => ({ key, value: otlpValue(value) }))
}

function otlpValue(value: AnyValue): unknown {
  if (value === null) return {}
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'bigint') return { intValue: String(value) }
  if (typeof value === 'number') {
    return { doubleValue: Number.isFinite(value) ? value : String(value) }
  }
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString('base64') }
  if (isList(value)) return { arrayValue: { values: value.map(otlpValue) } }
  return { kvlistValue: { values: otlpAttributes(value) } }
}

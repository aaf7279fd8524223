import { isList } from './attribute-json.ts'
import type { LogRecord } from './logs.ts'
import type { AnyValue, Attributes } from './records.ts'

/** Encodes log records as an OTLP logs request (JSON), as far as they are decoded. Decoding gives equal records. */
export function encodeLogs(records: readonly LogRecord[]): Uint8Array {
  const logRecords = records.map(({ timeNs, name, body, attributes, traceId, spanId }) => ({
    timeUnixNano: String(timeNs),
    eventName: name,
    body: otlpValue(body),
    attributes: otlpAttributes(attributes),
    ...(traceId && { traceId }),
    ...(spanId && { spanId }),
  }))
  return Buffer.from(JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }))
}

/** Attributes as OTLP's JSON has them. */
export function otlpAttributes(attributes: Attributes): unknown[] {
  return [...attributes].map(([key, value]) => ({ key, value: otlpValue(value) }))
}

/** A value as OTLP's JSON has it. */
export function otlpValue(value: AnyValue): unknown {
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

import type { LogRecord } from '../../otlp/logs.ts'
import { redactAttributes } from './redact-span.ts'
import type { Redactor } from './redactor.ts'

/** A log record without what the rules take out. */
export function redactLog(record: LogRecord, redactor: Redactor): LogRecord {
  return {
    ...record,
    body: redactor.value(record.body),
    attributes: redactAttributes(record.attributes, redactor),
  }
}

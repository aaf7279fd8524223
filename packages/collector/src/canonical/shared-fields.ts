import {
  ATTR_EXCEPTION_FRAME,
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
} from '@trace2/instrumentation/semconv'
import type { Attributes, SpanRecord } from '../otlp/model.ts'
import type { Dialect } from './dialects/index.ts'
import { keysOf, numberAmong, textAmong } from './fields.ts'
import { textAt } from './read.ts'
import type { CanonicalSpan } from './rows.ts'

const STATUS_ERROR = 2

type SharedField =
  | 'callId'
  | 'model'
  | 'provider'
  | 'inputTokens'
  | 'outputTokens'
  | 'costUsd'
  | 'session'
  | 'service'
  | 'error'
  | 'errorFrame'

/** What spans of any convention, ours included, have in places that the dialects' tables name. */
export function sharedFields(
  span: SpanRecord,
  attributes: Attributes = span.attributes,
  dialect?: Dialect,
): Pick<CanonicalSpan, SharedField> {
  const resource = span.resource.attributes
  const text = (field: 'callId' | 'model' | 'provider') =>
    textAmong(attributes, keysOf(dialect, field))
  const number = (field: 'inputTokens' | 'outputTokens' | 'costUsd') =>
    numberAmong(attributes, keysOf(dialect, field))
  const session = keysOf(dialect, 'session')
  return {
    callId: text('callId'),
    model: text('model'),
    provider: text('provider'),
    inputTokens: tokens(number('inputTokens')),
    outputTokens: tokens(number('outputTokens')),
    costUsd: number('costUsd'),
    session: textAmong(attributes, session) ?? textAmong(resource, session),
    service: textAt(resource, 'service.name'),
    ...errorOf(span),
  }
}

function tokens(number: number | null): number | null {
  return number === null ? null : Math.min(Math.max(Math.round(number), 0), Number.MAX_SAFE_INTEGER)
}

function errorOf(span: SpanRecord): Pick<CanonicalSpan, 'error' | 'errorFrame'> {
  if (span.status.code !== STATUS_ERROR) return { error: null, errorFrame: null }
  // The last exception is the one that ended the span.
  const exception = span.events.findLast((event) => event.name === 'exception')?.attributes
  const type = exception && textAt(exception, ATTR_EXCEPTION_TYPE)
  const message = exception && textAt(exception, ATTR_EXCEPTION_MESSAGE)
  const words = [type, message ?? (span.status.message || null)].filter((part) => part !== null)
  return {
    error: words.filter((part) => part !== undefined).join(': ') || 'Error',
    errorFrame:
      (exception &&
        (textAt(exception, ATTR_EXCEPTION_FRAME) ??
          textAt(exception, ATTR_EXCEPTION_STACKTRACE))) ??
      null,
  }
}

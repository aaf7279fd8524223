import {
  ATTR_EXCEPTION_CAUSES,
  ATTR_EXCEPTION_FRAME,
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
} from '@trace2/core'
import { type Attributes, isList, type SpanRecord } from '../otlp/index.ts'
import { attributeFlag, attributeFlagsOf, resourceFlagsOf } from './attribute-flags.ts'
import type { Dialect } from './dialects/index.ts'
import { keysOf, numberAmong, textAmong } from './fields.ts'
import { textAt } from './read.ts'
import type { CanonicalSpan } from './rows.ts'
import { usageOf } from './usage.ts'

const STATUS_ERROR = 2

type SharedField =
  | 'callId'
  | 'model'
  | 'provider'
  | 'inputTokens'
  | 'outputTokens'
  | 'cacheReadTokens'
  | 'cacheWriteTokens'
  | 'reasoningTokens'
  | 'costUsd'
  | 'session'
  | 'user'
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
  const flags = attributeFlagsOf(attributes)
  const text = (field: 'callId' | 'model' | 'provider' | 'session' | 'user') =>
    flags & attributeFlag[field] ? textAmong(attributes, keysOf(dialect, field)) : null
  const id = (field: 'session' | 'user') => unlessScrubbed(text(field))
  const usage = usageOf(attributes, dialect, flags)
  const { error, errorFrame } = errorOf(span)
  return {
    callId: text('callId'),
    model: text('model'),
    provider: text('provider'),
    inputTokens: usage.inputTokens,
    outputTokens: usage.outputTokens,
    cacheReadTokens: usage.cacheReadTokens,
    cacheWriteTokens: usage.cacheWriteTokens,
    reasoningTokens: usage.reasoningTokens,
    costUsd:
      flags & attributeFlag.costUsd ? numberAmong(attributes, keysOf(dialect, 'costUsd')) : null,
    session: id('session') ?? ofResource(resource, 'session', dialect),
    user: id('user') ?? ofResource(resource, 'user', dialect),
    service: textAt(resource, 'service.name'),
    error,
    errorFrame,
  }
}

/** Where a sender has scrubbed an id, all that it had scrubbed would be one. */
function unlessScrubbed(id: string | null): string | null {
  return id !== null && /^\[Scrubbed due to .*\]$/.test(id) ? null : id
}

function ofResource(
  resource: Attributes,
  field: 'session' | 'user',
  dialect: Dialect | undefined,
): string | null {
  return resourceFlagsOf(resource) & attributeFlag[field]
    ? textAmong(resource, keysOf(dialect, field))
    : null
}

const noError = { error: null, errorFrame: null }

function errorOf(span: SpanRecord): Pick<CanonicalSpan, 'error' | 'errorFrame'> {
  if (span.status.code !== STATUS_ERROR) return noError
  // The last exception is the one that ended the span.
  const exception = span.events.findLast((event) => event.name === 'exception')?.attributes
  const type = exception && textAt(exception, ATTR_EXCEPTION_TYPE)
  const message = exception && textAt(exception, ATTR_EXCEPTION_MESSAGE)
  const words = [type, message ?? (span.status.message || null)].filter((part) => part !== null)
  return {
    error: [
      words.filter((part) => part !== undefined).join(': ') || 'Error',
      ...causesOf(exception).map((cause) => `caused by ${cause}`),
    ].join('\n'),
    errorFrame:
      (exception &&
        (textAt(exception, ATTR_EXCEPTION_FRAME) ??
          textAt(exception, ATTR_EXCEPTION_STACKTRACE))) ??
      null,
  }
}

function causesOf(exception: Attributes | undefined): readonly string[] {
  const causes = exception?.get(ATTR_EXCEPTION_CAUSES) ?? null
  if (typeof causes !== 'object' || causes === null || !isList(causes)) return []
  return causes.filter((cause) => typeof cause === 'string')
}

import { ATTR_KIND } from '@trace2/core'
import type { SpanRecord } from '../otlp/index.ts'
import { textAt } from './read.ts'
import type { SpanRows } from './rows.ts'
import { noUsage } from './usage.ts'

/** The dialect of a span of which nothing could be read. */
export const UNREAD = 'unread'

/**
 * The rows of a span whose reading has failed: a defect of ours costs what that span means, and neither the span nor the others
 * of its request. What was received stays in its attributes.
 */
export function unreadSpan(span: SpanRecord, failure: unknown): SpanRows {
  return {
    failure: failure instanceof Error ? failure : new Error(String(failure)),
    inputs: [],
    parameters: [],
    uses: [],
    unnamed: [],
    feedback: [],
    span: {
      kind: span.attributes.get(ATTR_KIND) === 'run' ? 'run' : 'op',
      dialect: UNREAD,
      op: span.name,
      opKind: null,
      description: '',
      sourceHash: null,
      input: null,
      output: null,
      outputHash: null,
      templates: null,
      callId: null,
      model: null,
      provider: null,
      ...noUsage,
      session: null,
      user: null,
      service: textAt(span.resource.attributes, 'service.name'),
      error: null,
      errorFrame: null,
    },
  }
}

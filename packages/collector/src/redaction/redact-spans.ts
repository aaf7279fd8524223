import { setImmediate } from 'node:timers/promises'
import type { SpanRecord } from '@trace2/store/otlp'
import { redactSpan } from './redact-span.ts'
import type { Redactor } from './redactor.ts'

/** How long other requests may wait for the spans of one. */
const TURN_MS = 10

/** Spans of what the rules leave; others are answered meanwhile. */
export async function redactSpans(
  spans: readonly SpanRecord[],
  redactor: Redactor,
): Promise<SpanRecord[]> {
  const redacted: SpanRecord[] = []
  let turn = performance.now()
  for (const span of spans) {
    redacted.push(redactSpan(span, redactor))
    if (performance.now() - turn < TURN_MS) continue
    await setImmediate()
    turn = performance.now()
  }
  return redacted
}

export { spanLimits } from '../tracing/span-limits.ts'

import type { SpanRef } from '@trace2/core'
import { shared } from '@trace2/core'
import { findError } from '../feedback/errors-thrown.ts'
import { RecentValues } from '../lineage/recent-values.ts'
import { isNode } from '../node.ts'
import { listenToOutputs } from '../tracing/recorder.ts'

export type { SpanRef } from '@trace2/core'
export { findValueFaults, unclaimedNames } from '../parameter/snapshot.ts'
export { activeTracer, useTracerProvider } from '../tracing/tracer.ts'

const results = shared('live.results', () => ({
  objects: new WeakMap<object, SpanRef>(),
  /** Results that are no objects, by value. */
  primitives: new RecentValues<SpanRef>(10_000),
}))

/**
 * Begins to remember which span produced which result in this process, for {@link findOutput}. Objects are remembered
 * as long as they live, of primitive values the latest (`RecentValues`). This is for a program that optimizes itself,
 * not for a server.
 */
export function rememberOutputs(): void {
  listenToOutputs((value, ids) => {
    if (typeof value === 'object' && value !== null) results.objects.set(value, ids)
    else results.primitives.set(value, ids)
  })
}

/**
 * Finds the span that produced a node, an error or a plain value. Of several equal plain values, the latest counts.
 *
 * @returns `undefined` if no such span is known.
 */
export function findOutput(value: unknown): SpanRef | undefined {
  if (isNode(value)) {
    const { traceId, spanId } = value
    return traceId && spanId ? { traceId, spanId } : undefined
  }
  if (value instanceof Error) return findError(value)
  if (typeof value === 'object' && value !== null) return results.objects.get(value)
  return results.primitives.get(value)
}

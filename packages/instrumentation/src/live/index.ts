import { findError } from '../feedback/errors-thrown.ts'
import { isNode } from '../node.ts'
import { shared } from '../shared.ts'
import { listenToOutputs, type SpanIds } from '../tracing/recorder.ts'

export type { SpanIds } from '../tracing/recorder.ts'
export { activeTracer, useTracerProvider } from '../tracing/tracer.ts'

const remembered = 10_000
const results = shared('live.results', () => ({
  objects: new WeakMap<object, SpanIds>(),
  primitives: new Map<unknown, SpanIds>(),
  older: new Map<unknown, SpanIds>(),
}))

/**
 * Begins to remember which span produced which result in this process, for {@link findOutput}: of objects as long as
 * they live, of primitives the latest 10,000 to 20,000. For a program that optimizes itself, not for a server.
 */
export function rememberOutputs(): void {
  listenToOutputs((value, ids) => {
    if (typeof value === 'object' && value !== null) {
      results.objects.set(value, ids)
      return
    }
    if (results.primitives.size >= remembered) {
      results.older = results.primitives
      results.primitives = new Map()
    }
    results.primitives.set(value, ids)
  })
}

/** The span that produced a node, an error or, most recently, an equal plain value; `undefined` where none is known. */
export function findOutput(value: unknown): SpanIds | undefined {
  if (isNode(value)) {
    const { traceId, spanId } = value
    return traceId && spanId ? { traceId, spanId } : undefined
  }
  if (value instanceof Error) return findError(value)
  if (typeof value === 'object' && value !== null) return results.objects.get(value)
  return results.primitives.get(value) ?? results.older.get(value)
}

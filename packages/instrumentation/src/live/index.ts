import { findError } from '../feedback/errors-thrown.ts'
import { isNode } from '../node.ts'
import { listenToOutputs, type SpanIds } from '../tracing/recorder.ts'

export type { SpanIds } from '../tracing/recorder.ts'
export { activeTracer, useTracerProvider } from '../tracing/tracer.ts'

const remembered = 10_000
const objects = new WeakMap<object, SpanIds>()
let primitives = new Map<unknown, SpanIds>()
let older = new Map<unknown, SpanIds>()

/**
 * Begins to remember which span produced which result in this process, for {@link findOutput}: of objects as long as
 * they live, of primitives the latest 10,000 to 20,000. For a program that optimizes itself, not for a server.
 */
export function rememberOutputs(): void {
  listenToOutputs((value, ids) => {
    if (typeof value === 'object' && value !== null) {
      objects.set(value, ids)
      return
    }
    if (primitives.size >= remembered) {
      older = primitives
      primitives = new Map()
    }
    primitives.set(value, ids)
  })
}

/** The span that produced a node, an error or, most recently, an equal plain value; `undefined` where none is known. */
export function findOutput(value: unknown): SpanIds | undefined {
  if (isNode(value)) {
    const { traceId, spanId } = value
    return traceId && spanId ? { traceId, spanId } : undefined
  }
  if (value instanceof Error) return findError(value)
  if (typeof value === 'object' && value !== null) return objects.get(value)
  return primitives.get(value) ?? older.get(value)
}

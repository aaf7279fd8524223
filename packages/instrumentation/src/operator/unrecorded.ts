import { activeContext, withContext } from '../tracing/carrier.ts'
import { silently } from '../tracing/tracer.ts'
import { frameOf, withFrame } from './frame.ts'

/**
 * Calls a function of the program that the recorder needs to know what to write (a `toJSON`, a mask). Nothing that it does is
 * recorded: it would be a step that the program without the recorder does not make, and one that records itself never ends.
 */
export function unrecorded<T>(ask: () => T): T {
  const context = activeContext()
  const frame = frameOf(context)
  const quiet = { scope: undefined, reads: [], declared: undefined, hasInner: false }
  return withContext(silently(frame ? withFrame(context, { ...frame, ...quiet }) : context), ask)
}

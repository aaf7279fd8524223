import { frameOf } from '../operator/frame.ts'
import { activeContext } from '../tracing/carrier.ts'
import type { SpanIds } from '../tracing/recorder.ts'

/**
 * Returns the ids of the run that is executing. A web backend can give them to its page, so that later feedback names the
 * run. Returns `undefined` outside a run and in a run that is not recorded.
 */
export function currentRun(): SpanIds | undefined {
  return frameOf(activeContext())?.run.root
}

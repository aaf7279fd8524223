import type { SpanRef } from '@trace2/core'
import { frameOf } from '../operator/frame.ts'
import { activeContext } from '../tracing/carrier.ts'

/**
 * Returns the ids of the run that is executing. A web backend can give them to its page, so that later feedback names the
 * run. Returns `undefined` outside a run and in a run that is not recorded.
 */
export function currentRun(): SpanRef | undefined {
  return frameOf(activeContext())?.run.root
}

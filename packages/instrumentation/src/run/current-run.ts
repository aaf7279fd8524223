import { frameOf } from '../operator/frame.ts'
import { activeContext } from '../tracing/carrier.ts'
import type { SpanIds } from '../tracing/recorder.ts'

/**
 * The ids of the run that this code is part of: what a web backend hands to the page so that a thumb finds its run.
 * `undefined` outside any run, and for a run that is not recorded.
 */
export function currentRun(): SpanIds | undefined {
  return frameOf(activeContext())?.run.root
}

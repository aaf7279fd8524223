import { shared } from '@trace2/core'
import type { SpanIds } from '../tracing/recorder.ts'

const thrown = shared('feedback.thrown', () => new WeakMap<Error, SpanIds>())

/** Notes which span an error came out of last, so that feedback on the error finds it after the run. */
export function rememberError(error: Error, ids: SpanIds): void {
  thrown.set(error, ids)
}

export function findError(error: Error): SpanIds | undefined {
  return thrown.get(error)
}

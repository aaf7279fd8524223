import type { SpanRef } from '@trace2/core'
import { shared } from '@trace2/core'

const thrown = shared('feedback.thrown', () => new WeakMap<Error, SpanRef>())

/** Notes which span an error came out of last, so that feedback on the error finds it after the run. */
export function rememberError(error: Error, ids: SpanRef): void {
  thrown.set(error, ids)
}

export function findError(error: Error): SpanRef | undefined {
  return thrown.get(error)
}

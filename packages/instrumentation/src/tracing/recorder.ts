import { type SpanRef, shared } from '@trace2/core'

/** Told about each recorded result, and each error as what the operator threw. */
export type OutputListener = (value: unknown, ids: SpanRef) => void

const outputs = shared('tracing.outputs', (): { listener: OutputListener | undefined } => ({
  listener: undefined,
}))

/** Has each result reported to `next` until `undefined` is given. */
export function listenToOutputs(next: OutputListener | undefined): void {
  outputs.listener = next
}

export function reportOutput(value: unknown, ids: SpanRef): void {
  outputs.listener?.(value, ids)
}

/** The ids by which a span can be found again. */
export interface SpanIds {
  readonly traceId: string
  readonly spanId: string
}

/** Told about each recorded result, and each error as what the operator threw. */
export type OutputListener = (value: unknown, ids: SpanIds) => void

let listener: OutputListener | undefined

/** Has each result reported to `next` until `undefined` is given. */
export function listenToOutputs(next: OutputListener | undefined): void {
  listener = next
}

export function reportOutput(value: unknown, ids: SpanIds): void {
  listener?.(value, ids)
}

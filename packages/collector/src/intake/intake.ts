import type { OtlpEncoding, Signal } from '@trace2/store/otlp'

/** One request that can be decoded, as it came, unpacked. */
export interface IntakeBatch {
  readonly signal: Signal
  readonly encoding: OtlpEncoding
  readonly body: Uint8Array
}

/**
 * Where requests go. The promise of `accept` resolves when the batch is durable, and rejects when it is not: only
 * then may the sender be told so.
 */
export interface Intake {
  accept(batch: IntakeBatch): Promise<void>
  /** Resolves when everything accepted is durable. */
  close(): Promise<void>
}

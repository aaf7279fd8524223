import type { OtlpEncoding } from '../otlp/decode.ts'
import type { SpanRecord } from '../otlp/model.ts'

/** One accepted request: the bytes as they came (unpacked), and the spans in them. */
export interface IntakeBatch {
  readonly encoding: OtlpEncoding
  readonly body: Uint8Array
  readonly spans: readonly SpanRecord[]
}

export interface IntakeResult {
  /** Spans that are durable now, those that were before included. */
  readonly accepted: number
}

/**
 * Where requests go. The promise of `accept` resolves when the batch is durable, and rejects when it is not: only
 * then may the sender be told so.
 */
export interface Intake {
  accept(batch: IntakeBatch): Promise<IntakeResult>
  /** Resolves when everything accepted is stored. */
  close(): Promise<void>
}

import type { Ingest } from '@trace2/store/engines'
import { decodeLogs, decodeTraces } from '@trace2/store/otlp'
import type { Intake, IntakeBatch } from './intake.ts'

/** Writes straight into a store: for one in memory, where there is nothing to be durable. */
export class DirectIntake implements Intake {
  readonly #ingest: Ingest
  readonly #underWay = new Set<Promise<unknown>>()

  constructor(ingest: Ingest) {
    this.#ingest = ingest
  }

  async accept({ signal, encoding, body }: IntakeBatch): Promise<void> {
    const spans = signal === 'traces' ? decodeTraces(body, encoding).spans : []
    const logs = signal === 'logs' ? decodeLogs(body, encoding).records : []
    const written = this.#ingest.write(spans, logs)
    this.#underWay.add(written)
    try {
      await written
    } finally {
      this.#underWay.delete(written)
    }
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#underWay)
  }
}

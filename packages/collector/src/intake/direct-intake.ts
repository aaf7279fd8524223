import { decodeTraces } from '../otlp/decode.ts'
import type { Store } from '../store/store.ts'
import type { Intake, IntakeBatch } from './intake.ts'

/** Writes straight into a store: for one in memory, where there is nothing to be durable. */
export class DirectIntake implements Intake {
  readonly #store: Store
  readonly #underWay = new Set<Promise<unknown>>()

  constructor(store: Store) {
    this.#store = store
  }

  async accept({ encoding, body }: IntakeBatch): Promise<void> {
    const written = this.#store.writeSpans(decodeTraces(body, encoding).spans)
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

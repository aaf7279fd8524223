import type { Journal } from '../journal/journal.ts'
import type { Intake, IntakeBatch } from './intake.ts'

/** Puts requests into the journal; whoever consumes it is told. */
export class JournalIntake implements Intake {
  readonly #journal: Journal
  readonly #wake: () => void
  readonly #underWay = new Set<Promise<unknown>>()

  constructor(journal: Journal, wake: () => void) {
    this.#journal = journal
    this.#wake = wake
  }

  async accept({ signal, encoding, body }: IntakeBatch): Promise<void> {
    const receivedNs = BigInt(Date.now()) * 1_000_000n
    const written = this.#journal.append({ signal, encoding, receivedNs, body })
    this.#underWay.add(written)
    try {
      await written
    } finally {
      this.#underWay.delete(written)
    }
    this.#wake()
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#underWay)
  }
}

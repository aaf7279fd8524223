import type { Store } from '../store/store.ts'
import type { Intake, IntakeBatch, IntakeResult } from './intake.ts'

const MAX_SPANS_AT_ONCE = 10_000

interface Waiting {
  readonly batch: IntakeBatch
  readonly resolve: (result: IntakeResult) => void
  readonly reject: (error: unknown) => void
}

/** Writes straight into the store. Batches that arrive while one is being written are written together. */
export class DirectIntake implements Intake {
  readonly #store: Store
  readonly #waiting: Waiting[] = []
  #writing: Promise<void> | undefined

  constructor(store: Store) {
    this.#store = store
  }

  accept(batch: IntakeBatch): Promise<IntakeResult> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ batch, resolve, reject })
      this.#writing ??= this.#drain()
    })
  }

  async close(): Promise<void> {
    await this.#writing
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) await this.#writeTogether(this.#take())
    this.#writing = undefined
  }

  #take(): Waiting[] {
    let spans = 0
    let count = 0
    for (const { batch } of this.#waiting) {
      spans += batch.spans.length
      if (count > 0 && spans > MAX_SPANS_AT_ONCE) break
      count++
    }
    return this.#waiting.splice(0, count)
  }

  async #writeTogether(group: readonly Waiting[]): Promise<void> {
    try {
      await this.#store.writeSpans(group.flatMap(({ batch }) => batch.spans))
      for (const { batch, resolve } of group) resolve({ accepted: batch.spans.length })
    } catch (error) {
      if (group.length === 1) group[0]?.reject(error)
      // One batch that cannot be written must not cost the others.
      else for (const waiting of group) await this.#writeTogether([waiting])
    }
  }
}

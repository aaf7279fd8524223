import pLimit from 'p-limit'
import type { TrialRun } from './agent.ts'
import { interruptedRun } from './runs.ts'

/** Trials at the same time, no more than there are slots; the others wait. */
export class Slots {
  readonly #limit: ReturnType<typeof pLimit>
  readonly #closing = new AbortController()
  readonly #underWay = new Set<Promise<unknown>>()

  constructor(parallel: number) {
    this.#limit = pLimit(parallel)
  }

  /** Runs a trial when there is a slot. `stop` is aborted with `signal`, and when the slots are closed. */
  run(
    signal: AbortSignal | undefined,
    trial: (stop: AbortSignal) => Promise<TrialRun>,
  ): Promise<TrialRun> {
    const closing = this.#closing.signal
    const stop = signal ? AbortSignal.any([signal, closing]) : closing
    return this.#limit(async () => {
      if (stop.aborted) return interruptedRun()
      const running = trial(stop)
      this.#underWay.add(running)
      try {
        return await running
      } finally {
        this.#underWay.delete(running)
      }
    })
  }

  get isClosed(): boolean {
    return this.#closing.signal.aborted
  }

  /** Stops the trials that are under way, and waits for their ends; those that wait do not begin. */
  async close(): Promise<void> {
    this.#closing.abort()
    await Promise.allSettled([...this.#underWay])
  }
}

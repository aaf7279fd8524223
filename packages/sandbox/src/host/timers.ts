import type { Trace2Error } from '@trace2/core'
import { raise } from '@trace2/source'
import type { Callable } from './given.ts'
import type { Turn } from './turns.ts'

/** What the timers of a call need of it. */
export interface Clock {
  /** Milliseconds that the code may still run. */
  readonly timeLeft: number
  spend(milliseconds: number): void
  /** Makes a turn of a call of the code's function, which does not begin yet. */
  turnOf(fn: Callable, args: readonly unknown[], begun: () => void): Turn
  take(turn: Turn): void
  drop(turn: Turn): void
  fail(error: Trace2Error): void
}

/** The timers of one call, whose waiting counts as the code's own time. */
export class Timers {
  readonly #clock: Clock
  /** What stops each timer that may still call a function. */
  readonly #stops = new Map<number, () => void>()
  #count = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** How many may still call a function. */
  get size(): number {
    return this.#stops.size
  }

  set(fn: Callable, time: unknown, args: readonly unknown[], repeats: boolean): number {
    const id = ++this.#count
    // As in Node, no wait is shorter.
    const milliseconds = Math.max(1, Number(time) || 0)
    const clock = this.#clock
    const begun = (): void => {
      if (repeats) arm()
      else this.#stops.delete(id)
    }
    const arm = (): void => {
      const wait = Math.max(0, Math.min(milliseconds, clock.timeLeft))
      const fire = (): void => {
        clock.spend(wait)
        if (wait < milliseconds) {
          clock.fail(raise('T2_CODE_LIMIT', 'The code waited too long.'))
          return
        }
        const turn = clock.turnOf(fn, args, begun)
        // Until its turn comes, the code may still stop it.
        this.#stops.set(id, () => clock.drop(turn))
        clock.take(turn)
      }
      const timer = setTimeout(fire, wait)
      this.#stops.set(id, () => clearTimeout(timer))
    }
    arm()
    return id
  }

  clear(id: number): void {
    this.#stops.get(id)?.()
    this.#stops.delete(id)
  }

  clearAll(): void {
    for (const id of [...this.#stops.keys()]) this.clear(id)
  }
}

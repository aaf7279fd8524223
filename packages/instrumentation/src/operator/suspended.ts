import type { PendingResult, RunState } from '../run/run-state.ts'

// What is dropped without having been used ends when it is collected.
const dropped = new FinalizationRegistry<Suspended>((suspended) => suspended.end())

/** What takes the watch off an object lives as long as the object, and keeps it no longer. */
const undos = new WeakMap<object, () => void>()

/**
 * A recording that waits for the caller to use a result: to await a query, to read a stream. Where that never happens, it
 * ends with the run, or when the result is collected. Does not keep the result.
 */
export class Suspended implements PendingResult {
  readonly #result: WeakRef<object>
  readonly #run: RunState
  readonly #onEnd: (result: object | undefined) => void
  #isWaiting = true

  constructor(
    result: object,
    run: RunState,
    undo: () => void,
    onEnd: (result: object | undefined) => void,
  ) {
    this.#result = new WeakRef(result)
    this.#run = run
    this.#onEnd = onEnd
    undos.set(result, undo)
    run.await(this)
    dropped.register(result, this, this)
  }

  get result(): object | undefined {
    return this.#result.deref()
  }

  /** The caller uses the result: from here on that decides when the recording ends. */
  resume(): void {
    if (!this.#isWaiting) return
    this.#isWaiting = false
    this.#run.settle(this)
    dropped.unregister(this)
  }

  /** Nobody used the result in time. */
  end(): void {
    if (!this.#isWaiting) return
    this.resume()
    const { result } = this
    if (result) undos.get(result)?.()
    this.#onEnd(result)
  }
}

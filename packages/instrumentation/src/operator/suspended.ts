import { shared } from '@trace2/core'
import type { PendingResult, RunState } from '../run/run-state.ts'

// What is dropped without having been used to its end is over when it is collected.
const dropped = new FinalizationRegistry<Suspended>((suspended) => suspended.end())

/** All that wait, for the end of the process. */
const open = shared('suspended', () => new Set<{ end(): void }>())

/** What takes the watch off an object lives as long as the object, and keeps it no longer. */
const undos = new WeakMap<object, { readonly of: Suspended; readonly undo: () => void }[]>()

/** Ends the recordings of all results that were not used, or not to their end: nothing will use them any more. */
export function endSuspended(): void {
  for (const suspended of open) suspended.end()
}

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
    const known = undos.get(result)
    if (known) known.push({ of: this, undo })
    else undos.set(result, [{ of: this, undo }])
    run.await(this)
    open.add(this)
    dropped.register(result, this, this)
  }

  get result(): object | undefined {
    return this.#result.deref()
  }

  /** The end of the run is not waited for: the result can be used after it, and in no way that goes unseen. */
  outlive(): void {
    this.#run.settle(this)
  }

  /** The caller uses the result: from here on that decides when the recording ends. */
  resume(): void {
    if (!this.#isWaiting) return
    this.#isWaiting = false
    this.#run.settle(this)
    open.delete(this)
    dropped.unregister(this)
    const { result } = this
    const watches = (result && undos.get(result)) ?? []
    const at = watches.findIndex((watch) => watch.of === this)
    const [watch] = at < 0 ? [] : watches.splice(at, 1)
    watch?.undo()
  }

  /** Nobody used the result in time. */
  end(): void {
    if (!this.#isWaiting) return
    this.resume()
    this.#onEnd(this.result)
  }
}

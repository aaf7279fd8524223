import type { Recording } from './recording.ts'
import type { Suspended } from './suspended.ts'

type Begin = () => void

interface Hold {
  readonly begins: Set<Begin>
  /** The promise is used, or nobody waits for that any more. */
  readonly release: () => void
}

/** Promises that nobody has used yet. */
const unused = new WeakMap<object, Hold>()

/** Whether a promise waits for its first use: its class is hidden from a plain look until then. */
export function isHeld(promise: object): boolean {
  return unused.has(promise)
}

/**
 * Records what a promise with members of its own settles with, once the caller uses it. The caller gets the very same
 * promise, because its members know it. Looked at before, an error that the caller leaves alone would count as handled:
 * a promise that is never used is never looked at, and its recording ends with the run.
 */
export function watchHeldPromise(
  promise: Promise<unknown>,
  recording: Recording,
  finished: (value: unknown) => unknown,
): void {
  let suspended: Suspended | undefined
  const begin = () => {
    suspended?.resume()
    Promise.prototype.then.call(promise, finished, (error: unknown) => recording.fail(error))
  }
  const undo = beforeFirstUse(promise, begin)
  if (undo) suspended = recording.suspend(promise, undo)
  else recording.succeed(promise)
}

/**
 * Calls `begin` before a promise is first awaited, resolved with, or asked for `then`. The language reads the
 * `constructor` of a promise at each of these, and only then: a prototype that tells is put before the promise's own. A
 * member of the promise itself would slow down every promise of the program. `undefined` where the promise is frozen.
 */
function beforeFirstUse(promise: Promise<unknown>, begin: Begin): (() => void) | undefined {
  const hold = unused.get(promise) ?? newHold(promise)
  if (!hold) return undefined
  hold.begins.add(begin)
  return () => {
    hold.begins.delete(begin)
    if (hold.begins.size === 0) hold.release()
  }
}

function newHold(promise: Promise<unknown>): Hold | undefined {
  const prototype: unknown = Object.getPrototypeOf(promise)
  if (typeof prototype !== 'object' || prototype === null) return undefined
  const hold: Hold = {
    begins: new Set(),
    release: () => {
      unused.delete(promise)
      if (Object.getPrototypeOf(promise) === telling) Reflect.setPrototypeOf(promise, prototype)
      for (const begin of hold.begins) begin()
    },
  }
  const telling: object = Object.create(prototype, {
    constructor: {
      configurable: true,
      get() {
        hold.release()
        return Promise
      },
    },
  })
  if (!Reflect.setPrototypeOf(promise, telling)) return undefined
  unused.set(promise, hold)
  return hold
}

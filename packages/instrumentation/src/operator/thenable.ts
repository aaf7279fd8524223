import { methodOf } from '../inspection/members.ts'
import { shadowMethod } from '../inspection/shadow.ts'
import { activeContext, withContext } from '../tracing/carrier.ts'
import type { Recording } from './recording.ts'
import type { Suspended } from './suspended.ts'

export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && methodOf(value, 'then') !== undefined
}

type Handler = (...values: readonly unknown[]) => unknown

/**
 * Ends the recording when the caller first calls `then` and that settles. Nothing is called before: a query that runs
 * each time it is awaited runs exactly as often as it does without us.
 */
export function watchThenable(thenable: object, recording: Recording): void {
  let suspended: Suspended | undefined
  const undo = shadowMethod(
    thenable,
    'then',
    (then) =>
      function (this: unknown, onValue, onError, ...rest) {
        // What was made from it, by `Object.create` or the like, is not it.
        if (this !== thenable) return Reflect.apply(then, this, [onValue, onError, ...rest])
        suspended?.resume()
        undo?.()
        const around = activeContext()
        const value: Handler = (...values) => {
          recording.succeed(values[0])
          return isHandler(onValue) ? withContext(around, () => onValue(...values)) : values[0]
        }
        const error: Handler = (...reasons) => {
          recording.fail(reasons[0])
          if (!isHandler(onError)) throw reasons[0]
          return withContext(around, () => onError(...reasons))
        }
        return withContext(recording.context, () =>
          Reflect.apply(then, thenable, [value, error, ...rest]),
        )
      },
  )
  if (undo) suspended = recording.suspend(thenable, undo)
  else recording.succeed(thenable)
}

function isHandler(value: unknown): value is Handler {
  return typeof value === 'function'
}

/** What `.node(…)` gives for a result that does nothing until it is awaited: it does nothing until then either. */
export class LazyResult implements PromiseLike<unknown> {
  readonly #source: PromiseLike<unknown>
  readonly #finished: (value: unknown) => unknown
  readonly #failed: ((error: unknown) => unknown) | undefined

  constructor(
    source: PromiseLike<unknown>,
    finished: (value: unknown) => unknown,
    failed?: (error: unknown) => unknown,
  ) {
    this.#source = source
    this.#finished = finished
    this.#failed = failed
  }

  // biome-ignore lint/suspicious/noThenProperty: it stands for something that has one.
  then<A = unknown, B = never>(
    onValue?: ((value: unknown) => A | PromiseLike<A>) | null,
    onError?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return Promise.resolve(this.#source).then(this.#finished, this.#failed).then(onValue, onError)
  }

  catch(onError?: ((error: unknown) => unknown) | null): Promise<unknown> {
    return this.then((value) => value, onError)
  }

  finally(onEnd?: (() => void) | null): Promise<unknown> {
    return this.then((value) => value).finally(onEnd)
  }
}

import { methodOf } from '../inspection/members.ts'
import { shadowMethod } from '../inspection/shadow.ts'
import { activeContext, withContext } from '../tracing/carrier.ts'

export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && methodOf(value, 'then') !== undefined
}

type Handler = (...values: readonly unknown[]) => unknown

export function isHandler(value: unknown): value is Handler {
  return typeof value === 'function'
}

/** Told what a thenable settles with. */
export interface Settled {
  readonly value: (value: unknown) => void
  readonly error: (error: unknown) => void
}

/**
 * Has the handlers of the first call of `then` tell what they are given. Nothing is called before; `false` for an object
 * that cannot be watched.
 */
export function onThen(thenable: object, settled: Settled): boolean {
  const undo = shadowMethod(
    thenable,
    'then',
    (then, layer) =>
      function (this: unknown, ...args) {
        if (this !== thenable || !layer.isOn) return Reflect.apply(then, this, args)
        undo?.()
        return Reflect.apply(then, thenable, handlers(args, settled))
      },
  )
  return undo !== undefined
}

/** The arguments of `then`, of which those that are handlers tell what they are given, in the context of their caller. */
export function handlers(args: readonly unknown[], settled: Settled): unknown[] {
  const around = activeContext()
  const tells = [settled.value, settled.error]
  return args.map((handler, index) => {
    const tell = tells[index]
    if (!tell || !isHandler(handler)) return handler
    return (...values: readonly unknown[]) => {
      tell(values[0])
      return withContext(around, () => handler(...values))
    }
  })
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

import type { AsyncLocalStorage } from 'node:async_hooks'
import { builtinModule } from './builtin.ts'

/** A value that a function, and what it calls, can ask for. */
export type AsyncContext<T> = Pick<AsyncLocalStorage<T>, 'getStore' | 'run'>

// Edge runtimes without Node's modules have the class as a global.
const Storage =
  builtinModule?.('node:async_hooks').AsyncLocalStorage ??
  (globalThis as { readonly AsyncLocalStorage?: typeof AsyncLocalStorage }).AsyncLocalStorage

/** Whether a context stays across `await`. */
export const isKept: boolean = Storage !== undefined

/** A context that stays across `await` where the runtime can do that, and otherwise until a call returns. */
export function asyncContext<T>(): AsyncContext<T> {
  return Storage ? new Storage<T>() : new CallContext<T>()
}

/** Lost at the first `await`, and so never taken for that of another call. */
export class CallContext<T> implements AsyncContext<T> {
  #current: T | undefined

  getStore(): T | undefined {
    return this.#current
  }

  run<R, A extends unknown[]>(value: T, fn: (...args: A) => R, ...args: A): R {
    const before = this.#current
    this.#current = value
    try {
      return fn(...args)
    } finally {
      this.#current = before
    }
  }
}

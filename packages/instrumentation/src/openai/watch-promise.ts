import { guarded } from '../operator/guarded.ts'
import { member } from './json.ts'

/** Who is told how a call went. Must not hold the promise. */
export interface Watcher {
  /** The parsed response, before the caller gets it. */
  settled(value: unknown): void
  failed(error: unknown): void
  /** The caller took the raw response, or nobody took any. */
  dropped(): void
}

const collected = new FinalizationRegistry<Watcher>((watcher) => watcher.dropped())

type Method = (...args: readonly unknown[]) => unknown

export function methodOf(object: unknown, key: string | symbol): Method | undefined {
  if (typeof object !== 'object' || object === null) return undefined
  const method: unknown = Reflect.get(object, key)
  return typeof method === 'function' ? (...args) => Reflect.apply(method, object, args) : undefined
}

/**
 * Watches what a client's method returned, and returns what the caller gets in its place. Nothing is asked of it that the
 * caller does not ask: no response is read, no lazy request is sent, and an error that nobody handles stays one.
 */
export function watchPromise(result: unknown, watcher: Watcher): unknown {
  if (
    !(typeof result === 'object' && result !== null) ||
    typeof member(result, 'then') !== 'function'
  ) {
    watcher.settled(result)
    return result
  }
  if (isPlainPromise(result)) return watched(result, watcher)
  if (!watchParsing(result, watcher)) watchThen(result, watcher)
  collected.register(result, watcher, result)
  return result
}

/** Whether a promise is the language's own: only of those is it known that asking does nothing. */
function isPlainPromise(value: unknown): value is Promise<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.getPrototypeOf(value) === Promise.prototype &&
    !Object.hasOwn(value, 'then') &&
    !Object.hasOwn(value, 'constructor')
  )
}

/** The same promise once more: were it only looked at, an error that the caller leaves alone would count as handled. */
function watched(promise: Promise<unknown>, watcher: Watcher): Promise<unknown> {
  return promise.then(
    (value) => {
      watcher.settled(value)
      return value
    },
    (error: unknown) => {
      watcher.failed(error)
      throw error
    },
  )
}

/**
 * The client's promise parses the response when it is first asked for. All ways to ask go through `responsePromise`, and
 * then, for a parsed one, through `parseResponse`. The promise stays the very same object, so that `withResponse()`,
 * `asResponse()` and the client's own helpers work on it.
 */
function watchParsing(promise: object, watcher: Watcher): boolean {
  const parse = methodOf(promise, 'parseResponse')
  const asResponse = methodOf(promise, 'asResponse')
  const request = member(promise, 'responsePromise')
  if (!parse || !asResponse || !isPlainPromise(request)) return false
  let isParsed = false
  const answered = request.then(undefined, (error: unknown) => {
    watcher.failed(error)
    throw error
  })
  return (
    replace(promise, 'responsePromise', answered) &&
    replace(promise, 'parseResponse', async (...args: readonly unknown[]) => {
      isParsed = true
      collected.unregister(promise)
      return watched(Promise.resolve(parse(...args)), watcher)
    }) &&
    replace(promise, 'asResponse', async () => {
      const raw = await asResponse()
      // `withResponse` asks for both; parsing has begun before the raw response is handed over.
      if (!isParsed) watcher.dropped()
      return raw
    })
  )
}

/** Any other thenable is left alone until the caller asks it, and then asked as often as the caller does. */
function watchThen(thenable: object, watcher: Watcher): void {
  const then = methodOf(thenable, 'then')
  if (!then) return
  const replaced = replace(thenable, 'then', (onValue: unknown, onError: unknown) => {
    collected.unregister(thenable)
    return then(
      (value: unknown) => {
        watcher.settled(value)
        return typeof onValue === 'function' ? onValue(value) : value
      },
      (error: unknown) => {
        watcher.failed(error)
        if (typeof onError === 'function') return onError(error)
        throw error
      },
    )
  })
  // A frozen one cannot be watched.
  if (!replaced) watcher.dropped()
}

/** Calls `next` with each value that parsing a promise gives. */
export function afterParsing(promise: object, next: (value: unknown) => void): boolean {
  const parse = methodOf(promise, 'parseResponse')
  if (!parse) return false
  return replace(promise, 'parseResponse', async (...args: readonly unknown[]) => {
    const value: unknown = await parse(...args)
    guarded(() => next(value))
    return value
  })
}

/** Puts a member of one object in the place of the one it has; `false` where the object does not allow it. */
export function replace(object: object, key: string | symbol, value: unknown): boolean {
  return Reflect.defineProperty(object, key, {
    value,
    configurable: true,
    writable: true,
    enumerable: Object.prototype.propertyIsEnumerable.call(object, key),
  })
}

export function isStream(value: unknown): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof member(value, Symbol.asyncIterator) === 'function'
  )
}

import { member } from './json.ts'

/** Who is told how a call went. */
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
 * Watches what a client's method returned, without reading a response that the caller does not read. The promise stays
 * the very same object, so that `withResponse()`, `asResponse()` and the client's own helpers work on it.
 */
export function watchPromise(result: unknown, watcher: Watcher): void {
  const then = methodOf(result, 'then')
  if (!then || typeof result !== 'object' || result === null) {
    watcher.settled(result)
    return
  }
  if (!watchParsing(result, watcher)) {
    then(
      (value: unknown) => watcher.settled(value),
      (error: unknown) => watcher.failed(error),
    )
  }
}

/** The client's promise parses the response when it is first asked for; all ways to ask go through `parseResponse`. */
function watchParsing(promise: object, watcher: Watcher): boolean {
  const parse = methodOf(promise, 'parseResponse')
  const asResponse = methodOf(promise, 'asResponse')
  if (!parse || !asResponse) return false
  let isParsed = false
  const response = async () => asResponse()
  replace(promise, 'parseResponse', async (...args) => {
    isParsed = true
    collected.unregister(promise)
    try {
      const value: unknown = await parse(...args)
      watcher.settled(value)
      return value
    } catch (error) {
      watcher.failed(error)
      throw error
    }
  })
  replace(promise, 'asResponse', () => {
    const raw = asResponse()
    // `withResponse` asks for both; parsing then has begun before the raw response is handed over.
    methodOf(raw, 'then')?.(
      () => isParsed || watcher.dropped(),
      () => undefined,
    )
    return raw
  })
  collected.register(promise, watcher, promise)
  response().catch((error: unknown) => watcher.failed(error))
  return true
}

/** Calls `next` with each value that parsing a promise gives. */
export function afterParsing(promise: object, next: (value: unknown) => void): boolean {
  const parse = methodOf(promise, 'parseResponse')
  if (!parse) return false
  replace(promise, 'parseResponse', async (...args) => {
    const value: unknown = await parse(...args)
    next(value)
    return value
  })
  return true
}

/** Puts a method of one object in the place of the one it has. */
export function replace(object: object, key: string | symbol, method: Method): void {
  Object.defineProperty(object, key, {
    value: method,
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

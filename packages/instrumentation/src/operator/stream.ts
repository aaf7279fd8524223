import { withContext } from '../tracing/carrier.ts'
import type { Recording } from './recording.ts'

/** A result that comes piece by piece: what a generator function returns, or an async iterable. */
export type Stream = (Iterator<unknown> & Iterable<unknown>) | AsyncIterable<unknown>

const mostItems = 10_000

/**
 * Whether a result is taken apart as it is consumed. Node and web streams are not: they can be consumed in ways that
 * would go unseen.
 */
export function isStream(value: unknown): value is Stream {
  if (typeof value !== 'object' || value === null) return false
  if (Object.prototype.toString.call(value) === '[object Generator]') return true
  return Symbol.asyncIterator in value && !('pipe' in value) && !('getReader' in value)
}

// A stream that is dropped without being told so ends when it is collected.
const abandoned = new FinalizationRegistry<Consumption>((consumption) => consumption.end())

/** The same stream, recording what it yields; its span ends with it. */
export function recordStream(stream: Stream, recording: Recording): Stream {
  const consumption = new Consumption(recording)
  const proxy = new Proxy(stream, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key, target)
      if (typeof member !== 'function') return member
      if (key === Symbol.asyncIterator && !('next' in target)) {
        return () => consumption.watch(Reflect.apply(member, target, []))
      }
      if (key === Symbol.iterator || key === Symbol.asyncIterator) return () => proxy
      if (key === 'next' || key === 'return' || key === 'throw') {
        return (...args: readonly unknown[]) =>
          consumption.step(key, () => Reflect.apply(member, target, args))
      }
      return member.bind(target)
    },
  })
  abandoned.register(proxy, consumption)
  return proxy
}

/** What was taken from a stream so far. Knows nothing of the proxy, so that the proxy can be collected. */
class Consumption {
  readonly #recording: Recording
  readonly #items: unknown[] = []
  #ended = false

  constructor(recording: Recording) {
    this.#recording = recording
  }

  /** One call of next, return or throw, inside the operator's context: a generator's body runs in its caller's. */
  step(method: 'next' | 'return' | 'throw', advance: () => unknown): unknown {
    let result: unknown
    try {
      result = withContext(this.#recording.context, advance)
    } catch (error) {
      this.#fail(error)
      throw error
    }
    if (!(result instanceof Promise)) {
      this.#take(method, result)
      return result
    }
    return result.then(
      (settled: unknown) => {
        this.#take(method, settled)
        return settled
      },
      (error: unknown) => {
        this.#fail(error)
        throw error
      },
    )
  }

  /** An iterator whose steps are recorded. */
  watch(iterator: AsyncIterator<unknown>): AsyncIterableIterator<unknown> {
    const step = (method: 'next' | 'return' | 'throw', args: readonly unknown[]) => {
      const member: unknown = Reflect.get(iterator, method)
      if (typeof member !== 'function') {
        this.end()
        return Promise.resolve({ done: true as const, value: args[0] })
      }
      return this.step(method, () => Promise.resolve(Reflect.apply(member, iterator, args)))
    }
    const watched: AsyncIterableIterator<unknown> = {
      next: (...args) => step('next', args) as Promise<IteratorResult<unknown>>,
      return: (...args) => step('return', args) as Promise<IteratorResult<unknown>>,
      throw: (...args) => step('throw', args) as Promise<IteratorResult<unknown>>,
      [Symbol.asyncIterator]: () => watched,
    }
    return watched
  }

  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#recording.succeed(outputOf(this.#items))
  }

  #fail(error: unknown): void {
    if (this.#ended) return
    this.#ended = true
    this.#recording.fail(error)
  }

  #take(method: 'next' | 'return' | 'throw', result: unknown): void {
    if (typeof result !== 'object' || result === null) return
    const done = 'done' in result && result.done === true
    if (done || method === 'return') {
      this.end()
      return
    }
    if (!('value' in result) || this.#ended || this.#items.length >= mostItems) return
    this.#recording.yielded(result.value, this.#items.length)
    this.#items.push(result.value)
  }
}

/** Pieces of text make one text; anything else is a list. */
function outputOf(items: readonly unknown[]): unknown {
  const isText = items.length > 0 && items.every((item) => typeof item === 'string')
  return isText ? items.join('') : items
}

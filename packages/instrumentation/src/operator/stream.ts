import { types } from 'node:util'
import { dataMember } from '../inspection/members.ts'
import { shadowMethod } from '../inspection/shadow.ts'
import { withContext } from '../tracing/carrier.ts'
import type { Recording } from './recording.ts'
import { StreamItems } from './stream-items.ts'
import type { Suspended } from './suspended.ts'

type Step = 'next' | 'return' | 'throw'
const steps: readonly Step[] = ['next', 'return', 'throw']

/**
 * Records what an iterator gives as it is taken; its span ends with it. The iterator stays the very same object. One
 * that cannot be watched, because it is frozen, is left alone, and its span ends at once.
 */
export function watchIterator(iterator: object, recording: Recording): void {
  recording.handOut(iterator, '', false)
  watchSteps(iterator, new Consumption(recording))
}

/** As {@link watchIterator}, for the first iterator that an object is asked for. */
export function watchIterable(iterable: object, recording: Recording): void {
  const consumption = new Consumption(recording)
  let suspended: Suspended | undefined
  const undo = shadowMethod(
    iterable,
    Symbol.asyncIterator,
    (open) =>
      function (this: unknown, ...args) {
        if (this !== iterable) return Reflect.apply(open, this, args)
        suspended?.resume()
        undo?.()
        const iterator: unknown = withContext(recording.context, () =>
          Reflect.apply(open, iterable, args),
        )
        if (typeof iterator === 'object' && iterator !== null) watchSteps(iterator, consumption)
        else consumption.end()
        return iterator
      },
  )
  recording.handOut(iterable, '', false)
  // Used up in another way, such as a cursor's `toArray()`, it is what it looks like.
  if (undo) suspended = recording.suspend(iterable, undo)
  else recording.succeed(iterable)
}

function watchSteps(iterator: object, consumption: Consumption): void {
  const restored: (() => void)[] = []
  const undo = () => {
    for (const restore of restored) restore()
  }
  for (const step of steps) {
    const restore = shadowMethod(
      iterator,
      step,
      (advance) =>
        function (this: unknown, ...args) {
          if (this !== iterator) return Reflect.apply(advance, this, args)
          return consumption.step(step, () => Reflect.apply(advance, iterator, args))
        },
    )
    if (restore) restored.push(restore)
  }
  if (restored.length === 0) consumption.end()
  else consumption.wait(iterator, undo)
}

// A stream that is left without being told so ends when it is collected.
const abandoned = new FinalizationRegistry<Consumption>((consumption) => consumption.end())

/** What was taken from a stream so far. Does not keep the stream, so that the stream can be collected. */
class Consumption {
  readonly #recording: Recording
  readonly #items: StreamItems
  #suspended: Suspended | undefined
  #ended = false

  constructor(recording: Recording) {
    this.#recording = recording
    this.#items = new StreamItems(recording)
  }

  /** Waits for the first step. */
  wait(iterator: object, undo: () => void): void {
    this.#suspended = this.#recording.suspend(iterator, undo, () => this.end())
    abandoned.register(iterator, this)
  }

  /** One call of next, return or throw, inside the operator's context: a generator's body runs in its caller's. */
  step(method: Step, advance: () => unknown): unknown {
    this.#suspended?.resume()
    let result: unknown
    try {
      result = withContext(this.#recording.context, advance)
    } catch (error) {
      this.#fail(error)
      throw error
    }
    if (!types.isPromise(result)) {
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

  end(): void {
    if (this.#ended) return
    this.#ended = true
    const { value, text } = this.#items.output()
    this.#recording.succeed(value, text)
  }

  #fail(error: unknown): void {
    if (this.#ended) return
    this.#ended = true
    this.#recording.fail(error)
  }

  #take(method: Step, result: unknown): void {
    if (this.#ended) return
    if (typeof result !== 'object' || result === null || types.isProxy(result)) return
    if (method === 'return' || dataMember(result, 'done') === true) {
      this.end()
      return
    }
    const value = dataMember(result, 'value')
    this.#recording.yielded(value, this.#items.count)
    this.#items.add(value)
  }
}

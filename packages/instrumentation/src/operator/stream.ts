import { shadowMethod } from '../inspection/shadow.ts'
import { types } from '../runtime/types.ts'
import { withContext } from '../tracing/carrier.ts'
import { type Form, formOf, readStep, returnsValue } from './iterator-result.ts'
import type { Recording } from './recording.ts'
import { StreamItems } from './stream-items.ts'
import type { Suspended } from './suspended.ts'
import { isPromiseLike, onThen } from './thenable.ts'

type Step = 'next' | 'return' | 'throw'
const steps: readonly Step[] = ['next', 'return', 'throw']

/**
 * Records what a generator gives as it is taken; its span ends with it. The generator stays the very same object. One that
 * cannot be watched, because it is frozen, is left alone, and its span ends at once.
 */
export function watchGenerator(generator: object, recording: Recording): void {
  recording.noteReturned(generator, '', false)
  new Consumption(recording, 'steps').follow(generator)
}

/**
 * As {@link watchGenerator}, for the first iterator that an object is asked for, or for the object itself where it is
 * asked for its items one by one (`cursor.next()`).
 */
export function watchIterable(iterable: object, recording: Recording): void {
  recording.noteReturned(iterable, '', false)
  const consumption = new Consumption(recording, undefined)
  const undoOpen = shadowMethod(
    iterable,
    Symbol.asyncIterator,
    (open, layer) =>
      function (this: unknown, ...args) {
        if (this !== iterable || !layer.isOn || !consumption.open())
          return Reflect.apply(open, this, args)
        const iterator: unknown = withContext(recording.context, () =>
          Reflect.apply(open, iterable, args),
        )
        if (typeof iterator === 'object' && iterator !== null) consumption.follow(iterator)
        else consumption.end()
        return iterator
      },
  )
  const undoSteps = watchSteps(iterable, consumption)
  // Used up in another way, such as a cursor's `toArray()`, it is what it looks like.
  if (!undoOpen && !undoSteps) recording.succeed(iterable)
  else {
    consumption.wait(iterable, () => {
      undoOpen?.()
      undoSteps?.()
    })
  }
}

function watchSteps(iterator: object, consumption: Consumption): (() => void) | undefined {
  const restored: (() => void)[] = []
  for (const step of steps) {
    const restore = shadowMethod(
      iterator,
      step,
      (advance, layer) =>
        function (this: unknown, ...args) {
          if (this !== iterator || !layer.isOn) return Reflect.apply(advance, this, args)
          return consumption.step(step, args[0], () => Reflect.apply(advance, iterator, args))
        },
    )
    if (restore) restored.push(restore)
  }
  if (restored.length === 0) return undefined
  return () => {
    for (const restore of restored) restore()
  }
}

/** What was taken from a stream so far. Does not keep the stream, so that the stream can be collected. */
class Consumption {
  readonly #recording: Recording
  readonly #items: StreamItems
  readonly #isGenerator: boolean
  #form: Form | undefined
  #suspended: Suspended | undefined
  #ended = false
  /** Whether the stream said that it is over, and nothing went in or out beside its items. */
  #isWhole = false
  #isPlain = true

  constructor(recording: Recording, form: Form | undefined) {
    this.#recording = recording
    this.#items = new StreamItems(recording)
    this.#form = form
    this.#isGenerator = form !== undefined
  }

  /** Waits for an object to be used. */
  wait(object: object, undo: () => void): void {
    this.#suspended = this.#recording.suspend(object, undo, (unused) => {
      if (this.#form === undefined && unused) this.#recording.succeed(unused)
      else this.end()
    })
  }

  /** Whether items come from the iterator that is asked for now: none was taken before. */
  open(): boolean {
    if (this.#ended || this.#form !== undefined) return false
    this.#suspended?.resume()
    return true
  }

  /** Takes what an iterator gives. It may be used long after the run; nothing but its steps does so. */
  follow(iterator: object): void {
    const undo = watchSteps(iterator, this)
    if (!undo) {
      this.end()
      return
    }
    this.wait(iterator, undo)
    this.#suspended?.outlive()
  }

  /** One call of next, return or throw, inside the operator's context: a generator's body runs in its caller's. */
  step(method: Step, given: unknown, advance: () => unknown): unknown {
    if (given !== undefined) this.#isPlain = false
    let result: unknown
    try {
      result = withContext(this.#recording.context, advance)
    } catch (error) {
      this.#fail(error)
      throw error
    }
    if (types.isPromise(result)) {
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
    // What a generator gives at once is a step.
    if (this.#isGenerator || !isPromiseLike(result)) this.#take(method, result)
    else if (
      !onThen(result, {
        value: (settled) => this.#take(method, settled),
        error: (error) => this.#fail(error),
      })
    ) {
      this.#suspended?.end()
    }
    return result
  }

  end(): void {
    if (!this.#isLast()) return
    const { value, text, pieces } = this.#items.output()
    const isFinished = this.#isWhole && this.#isPlain
    this.#recording.succeed(value, text, { pieces, isFinished })
  }

  #fail(error: unknown): void {
    if (!this.#isLast()) return
    const came = this.#items.count > 0 ? this.#items.output() : undefined
    this.#recording.fail(error, came && { ...came, isFinished: this.#isPlain })
  }

  #isLast(): boolean {
    if (this.#ended) return false
    this.#ended = true
    this.#suspended?.resume()
    return true
  }

  #take(method: Step, result: unknown): void {
    if (this.#ended) return
    const form = this.#form ?? formOf(result)
    const step = form && readStep(form, result)
    if (method === 'next' && step?.done) {
      this.#isWhole = form !== 'steps' || !returnsValue(result)
      this.end()
    } else if (method === 'return' || step?.done) this.end()
    // Only the program's code knows what it says: it cannot be followed any further.
    else if (!step) this.#suspended?.end()
    else {
      if (this.#form === undefined && form === 'steps') this.#suspended?.outlive()
      this.#form = form
      this.#recording.yielded(step.value, this.#items.count)
      this.#items.add(step.value)
    }
  }
}

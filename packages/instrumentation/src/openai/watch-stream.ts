import type { Context } from '@opentelemetry/api'
import { withContext } from '../tracing/carrier.ts'
import { isObject, member } from './json.ts'
import type { ModelCall } from './model-call.ts'
import { methodOf, replace } from './watch-promise.ts'

// A stream that is dropped without being told so ends when it is collected.
const collected = new FinalizationRegistry<Consumption>((consumption) => consumption.end())

/** Watches how a stream is consumed; the stream stays the very same object. */
export function watchStream(stream: object, call: ModelCall): void {
  const consumption = new Consumption(call)
  // The client's streams, and what `tee()` makes of them, open this one.
  const key = methodOf(stream, 'iterator') ? 'iterator' : Symbol.asyncIterator
  const open = methodOf(stream, key)
  if (!open) return
  replace(stream, key, (...args) => {
    collected.unregister(stream)
    const iterator = open(...args)
    return isObject(iterator) ? watchIterator(iterator, consumption, call.context) : iterator
  })
  collected.register(stream, consumption, stream)
  endOnAbort(member(member(stream, 'controller'), 'signal'), consumption)
}

// A function of its own: what the listener can see must not keep the stream alive.
function endOnAbort(signal: unknown, consumption: Consumption): void {
  if (!(signal instanceof AbortSignal)) return
  signal.addEventListener('abort', () => consumption.endUnopened(), { once: true })
}

type Step = 'next' | 'return' | 'throw'

function watchIterator(iterator: object, consumption: Consumption, context: Context): object {
  consumption.open()
  const step = (name: Step) => async (value: unknown) => {
    const advance = methodOf(iterator, name)
    if (!advance) {
      consumption.end()
      return { done: true, value }
    }
    try {
      const result = await withContext(context, () => advance(value))
      consumption.take(name, result)
      return result
    } catch (error) {
      consumption.fail(error)
      throw error
    }
  }
  const watched = {
    next: step('next'),
    return: step('return'),
    throw: step('throw'),
    [Symbol.asyncIterator]: () => watched,
  }
  collected.register(watched, consumption)
  return watched
}

/** What came of a stream so far. Knows nothing of the stream, so that the stream can be collected. */
class Consumption {
  readonly #call: ModelCall
  readonly #assembly
  #isOpen = false
  #hasBegun = false

  constructor(call: ModelCall) {
    this.#call = call
    this.#assembly = call.assemble()
  }

  open(): void {
    this.#isOpen = true
  }

  take(step: Step, result: unknown): void {
    if (step === 'return' || member(result, 'done') === true) {
      this.end()
      return
    }
    if (!this.#hasBegun) this.#call.begun()
    this.#hasBegun = true
    this.#assembly.add(member(result, 'value'))
  }

  /** The request was given up before anyone read the stream. */
  endUnopened(): void {
    if (!this.#isOpen) this.end()
  }

  end(): void {
    this.#call.succeed(this.#assembly.response())
  }

  fail(error: unknown): void {
    this.#call.fail(error)
  }
}

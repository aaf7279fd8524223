import type { Context } from '@opentelemetry/api'
import { guarded } from '../operator/guarded.ts'
import { withContext } from '../tracing/carrier.ts'
import { member } from './json.ts'
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
  const replaced =
    open &&
    replace(stream, key, (...args: readonly unknown[]) => {
      const iterator = open(...args)
      // Only one reader gets the chunks; what another one gets instead is no part of the answer.
      if (!consumption.isOpen && typeof iterator === 'object' && iterator !== null) {
        collected.unregister(stream)
        guarded(() => watchIterator(iterator, consumption, call.context))
      }
      return iterator
    })
  if (!replaced) {
    consumption.end()
    return
  }
  collected.register(stream, consumption, stream)
  endOnAbort(member(member(stream, 'controller'), 'signal'), consumption)
}

// A function of its own: what the listener can see must not keep the stream alive.
function endOnAbort(signal: unknown, consumption: Consumption): void {
  if (!(signal instanceof AbortSignal)) return
  signal.addEventListener('abort', () => consumption.endUnopened(), { once: true })
}

const steps = ['next', 'return', 'throw'] as const
type Step = (typeof steps)[number]

/** Watches the steps of an iterator, which stays the very same object. */
function watchIterator(iterator: object, consumption: Consumption, context: Context): void {
  let isWatched = false
  for (const name of steps) {
    const advance = methodOf(iterator, name)
    if (!advance) continue
    isWatched = replace(iterator, name, async (...args: readonly unknown[]) => {
      try {
        const result = await withContext(context, () => advance(...args))
        consumption.take(name, result)
        return result
      } catch (error) {
        consumption.fail(error)
        throw error
      }
    })
    if (!isWatched) break
  }
  consumption.open()
  if (isWatched) collected.register(iterator, consumption)
  else consumption.end()
}

/** What came of a stream so far. Knows nothing of the stream, so that the stream can be collected. */
class Consumption {
  readonly #call: ModelCall
  readonly #assembly
  #isOpen = false
  #hasBegun = false
  #isFinished = false

  constructor(call: ModelCall) {
    this.#call = call
    this.#assembly = call.assemble()
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  open(): void {
    this.#isOpen = true
  }

  take(step: Step, result: unknown): void {
    guarded(() => {
      if (step === 'return' || member(result, 'done') === true) {
        this.#isFinished = step === 'next'
        this.end()
        return
      }
      if (!this.#hasBegun) this.#call.begun()
      this.#hasBegun = true
      this.#assembly.add(member(result, 'value'))
    })
  }

  /** The request was given up before anyone read the stream. */
  endUnopened(): void {
    if (!this.#isOpen) this.end()
  }

  end(): void {
    const pieces = guarded(() => this.#assembly.pieces())
    this.#call.succeed(this.#came(), { pieces, isFinished: this.#isFinished })
  }

  fail(error: unknown): void {
    this.#call.fail(error, this.#came())
  }

  #came(): unknown {
    return guarded(() => this.#assembly.response())
  }
}

import type { Recording } from '../operator/recording.ts'
import { withContext } from '../tracing/carrier.ts'
import type { Endpoint } from './endpoint.ts'
import { responseAttributes } from './endpoint.ts'

/** Ends a recording when the answer to a request is there, whichever way the program takes it. */
export class Observation {
  readonly #recording: Recording
  readonly #endpoint: Endpoint
  #parsed = false
  #ended = false

  constructor(recording: Recording, endpoint: Endpoint) {
    this.#recording = recording
    this.#endpoint = endpoint
  }

  /**
   * Watches what `create` returned. The client's promise reads the body only when it is awaited, and may be asked for
   * the raw response instead: so its two steps are watched, and the promise itself is handed on untouched.
   */
  watch(promise: object): void {
    const { parseResponse, responsePromise } = promise as LazyPromise
    if (typeof parseResponse !== 'function' || !(responsePromise instanceof Promise)) {
      if (promise instanceof Promise) {
        promise.then(
          (value: unknown) => this.#answer(value),
          (error: unknown) => this.#fail(error),
        )
      }
      return
    }
    Object.assign(promise, {
      parseResponse: async (...args: readonly unknown[]): Promise<unknown> => {
        this.#parsed = true
        try {
          return this.#answer(await Reflect.apply(parseResponse, promise, args))
        } catch (error) {
          this.#fail(error)
          throw error
        }
      },
    })
    responsePromise.then(
      // Whoever parses has begun to by the end of this turn; a raw response is not read here.
      () => setTimeout(() => this.#parsed || this.#end(undefined), 0),
      (error: unknown) => this.#fail(error),
    )
  }

  #answer(value: unknown): unknown {
    if (!isStream(value)) {
      this.#end(value)
      return value
    }
    const iterate = value.iterator.bind(value)
    const pieces = this.#endpoint.collector()
    value.iterator = () => this.#pieces(iterate(), pieces)
    return value
  }

  async *#pieces(
    iterator: AsyncIterator<unknown>,
    pieces: ReturnType<Endpoint['collector']>,
  ): AsyncGenerator<unknown> {
    try {
      for (;;) {
        const { done, value } = await withContext(this.#recording.context, () => iterator.next())
        if (done) return
        pieces.add(value)
        yield value
      }
    } catch (error) {
      this.#fail(error)
      throw error
    } finally {
      this.#end(pieces.response)
      await iterator.return?.()
    }
  }

  #end(response: unknown): void {
    if (this.#ended) return
    this.#ended = true
    const { output, responseContent } = this.#endpoint
    if (response !== undefined) {
      const content = responseContent(response, this.#recording.content)
      this.#recording.annotate({ ...responseAttributes(response), ...content })
    }
    this.#recording.succeed(response === undefined ? undefined : output(response), response)
  }

  #fail(error: unknown): void {
    if (this.#ended) return
    this.#ended = true
    this.#recording.fail(error)
  }
}

interface LazyPromise {
  readonly parseResponse?: unknown
  readonly responsePromise?: unknown
}

interface ClientStream {
  iterator: () => AsyncIterator<unknown>
}

function isStream(value: unknown): value is ClientStream {
  return (
    typeof value === 'object' &&
    value !== null &&
    Symbol.asyncIterator in value &&
    'iterator' in value &&
    typeof value.iterator === 'function'
  )
}

import { diag } from '@opentelemetry/api'
import type { QuickJSWASMModule } from 'quickjs-emscripten-core'
import { raise } from '../errors.ts'
import { evaluate, type IsolationLimits, type Outcome } from './sandbox.ts'

/** The engine that isolated code runs in. One that broke is replaced; loading takes a moment. */
export class Engine {
  readonly #load: () => Promise<QuickJSWASMModule>
  #module: QuickJSWASMModule | undefined

  constructor(load: () => Promise<QuickJSWASMModule>) {
    this.#load = load
  }

  async start(): Promise<this> {
    this.#module = await this.#load()
    return this
  }

  /**
   * As {@link evaluate} of a sandbox.
   *
   * @throws {Trace2Error} `T2_CODE_LIMIT` where the code broke the engine itself, and until there is a new one.
   */
  evaluate(source: string, args: string | undefined, limits: IsolationLimits): Outcome {
    if (!this.#module) {
      throw raise('T2_CODE_LIMIT', 'The isolation is starting anew, after code that broke it.')
    }
    try {
      return evaluate(this.#module, source, args, limits)
    } catch (error) {
      if (!isAbort(error)) throw error
      this.#module = undefined
      this.start().catch((reason: unknown) => diag.error('The isolation cannot be started', reason))
      throw raise('T2_CODE_LIMIT', `The code broke the isolation: ${error.message}.`)
    }
  }
}

/** A `WebAssembly.RuntimeError`; an error of the code may have that name, but is made by `Error`. */
function isAbort(error: unknown): error is Error {
  return error instanceof Error && error.constructor.name === 'RuntimeError'
}

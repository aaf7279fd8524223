import type { QuickJSContext, QuickJSHandle, QuickJSWASMModule } from 'quickjs-emscripten-core'

/** What a world is made of. */
export interface WorldSource {
  /** What runs beside the code: see `inside/main.ts`. */
  readonly harness: string
  /** The program, as one expression. */
  readonly text: string
  readonly secretive: readonly string[]
  readonly memoryBytes: number
}

/** The engine stopped the code, or the code cannot be evaluated. */
export class WorldError extends Error {
  override readonly name = 'WorldError'
}

const stackBytes = 256 * 1024

/** One world of the engine: nothing in it is shared with any other, and it is thrown away as a whole. */
export class World {
  readonly #context: QuickJSContext
  readonly #handles: QuickJSHandle[] = []
  readonly #enter: QuickJSHandle
  #deadline = Number.POSITIVE_INFINITY
  #isClosing = false

  /** `send` gives what the code asks to the program outside, and gives its answer. */
  constructor(quickJs: QuickJSWASMModule, source: WorldSource, send: (text: string) => string) {
    this.#context = quickJs.newContext()
    const { runtime } = this.#context
    runtime.setMemoryLimit(source.memoryBytes)
    runtime.setMaxStackSize(stackBytes)
    runtime.setInterruptHandler(() => Date.now() > this.#deadline)
    try {
      this.#enter = this.#prepare(source, send)
    } catch (error) {
      this.close()
      throw error
    }
  }

  #prepare(source: WorldSource, send: (text: string) => string): QuickJSHandle {
    const context = this.#context
    const open = this.#take(context.evalCode(source.harness, 'inside.js'))
    const ask = context.newFunction('send', (text) =>
      context.newString(send(context.getString(text))),
    )
    this.#handles.push(ask)
    const secretive = this.#keep(context.newString(source.secretive.join()))
    const inside = this.#take(context.callFunction(open, context.undefined, ask, secretive))
    const program = this.#take(context.evalCode(source.text, 'parameter.js'))
    const define = this.#keep(context.getProp(inside, 'define'))
    this.#take(context.callFunction(define, context.undefined, program))
    return this.#keep(context.getProp(inside, 'enter'))
  }

  enter(text: string, timeMs: number): string {
    const context = this.#context
    return this.#within(timeMs, () => {
      using given = context.newString(text)
      const result = context.callFunction(this.#enter, context.undefined, given)
      if (result.error) throw this.#failure(result.error)
      using answer = result.value
      return context.getString(answer)
    })
  }

  get hasWork(): boolean {
    return this.#context.runtime.hasPendingJob()
  }

  /** Runs promise reactions one by one: a chain without end is no single job that an interrupt could end cleanly. */
  work(timeMs: number): void {
    const { runtime } = this.#context
    this.#within(timeMs, () => {
      while (runtime.hasPendingJob()) {
        const { error } = runtime.executePendingJobs(1)
        if (error) throw this.#failure(error)
        if (Date.now() > this.#deadline) throw new WorldError('interrupted')
      }
    })
  }

  #within<T>(timeMs: number, step: () => T): T {
    const before = this.#deadline
    this.#deadline = Math.min(before, Date.now() + timeMs)
    try {
      return step()
    } finally {
      this.#deadline = before
    }
  }

  close(): void {
    if (this.#isClosing) return
    this.#isClosing = true
    const { runtime } = this.#context
    // The engine aborts when it is freed with reactions waiting; without memory, an endless chain of them breaks off.
    if (runtime.hasPendingJob()) runtime.setMemoryLimit(1)
    while (runtime.hasPendingJob()) runtime.executePendingJobs(1).dispose()
    for (const handle of this.#handles) handle.dispose()
    this.#context.dispose()
  }

  #keep(handle: QuickJSHandle): QuickJSHandle {
    this.#handles.push(handle)
    return handle
  }

  #take(result: Result): QuickJSHandle {
    if (result.error) throw this.#failure(result.error)
    return this.#keep(result.value)
  }

  #failure(handle: QuickJSHandle): Error {
    const thrown: unknown = this.#context.dump(handle)
    handle.dispose()
    const message = thrown instanceof Object ? Reflect.get(thrown, 'message') : thrown
    const name = thrown instanceof Object ? Reflect.get(thrown, 'name') : ''
    return new WorldError(name === 'InternalError' ? String(message) : `${name}: ${message}`)
  }
}

type Result =
  | { readonly value: QuickJSHandle; readonly error?: undefined }
  | { readonly error: QuickJSHandle }

import type { QuickJSContext, QuickJSHandle, QuickJSWASMModule } from 'quickjs-emscripten-core'
import { type EngineMemory, Snapshot } from './snapshot.ts'

/** What a world is made of. */
export interface WorldSource {
  /** What runs beside the code: see `inside/main.ts`. */
  readonly harness: string
  readonly program: number
  /** The program, as one expression. */
  readonly text: string
  readonly secretive: readonly string[]
  readonly memoryBytes: number
  readonly timeMs: number
}

/** The engine stopped the code, or the code cannot be evaluated. */
export class WorldError extends Error {
  override readonly name = 'WorldError'
}

interface Prepared {
  readonly program: number
  readonly memoryBytes: number
  readonly context: QuickJSContext
  readonly enter: QuickJSHandle
  readonly snapshot: Snapshot
}

const stackBytes = 256 * 1024

/**
 * One instance of the engine, with a memory of its own, that has one world at a time. All that a world is lies in that
 * memory: for the next one it is made byte by byte what it was before the code ran, which is quicker than making a
 * world anew, and leaves nothing of the one before.
 */
export class Engine {
  /** Milliseconds that the code may still run. */
  left = 0
  readonly #quickJs: QuickJSWASMModule
  readonly #memory: EngineMemory
  readonly #pristine: Snapshot
  readonly #size: number
  #prepared: Prepared | undefined
  #isClean = true
  #send: (text: string) => string = () => ''
  #deadline = Number.POSITIVE_INFINITY
  #depth = 0

  constructor(quickJs: QuickJSWASMModule) {
    this.#quickJs = quickJs
    this.#memory = quickJs.getWasmMemory()
    this.#pristine = new Snapshot(this.#memory)
    this.#size = this.#memory.buffer.byteLength
  }

  /** Whether it is worth keeping: a memory that grew stays large. */
  get isSmall(): boolean {
    return this.#memory.buffer.byteLength === this.#size
  }

  get isRunning(): boolean {
    return this.#depth > 0
  }

  has(program: number): boolean {
    return this.#prepared?.program === program
  }

  /** Begins a new world. `send` gives what the code asks to the program outside, and gives its answer. */
  open(source: WorldSource, send: (text: string) => string): void {
    this.left = source.timeMs
    this.#send = send
    const { program, memoryBytes } = source
    if (this.#prepared?.program !== program || this.#prepared.memoryBytes !== memoryBytes) {
      this.#prepare(source)
    }
    this.clean()
    this.#isClean = false
  }

  /** Makes the memory what it was before the code ran. */
  clean(): void {
    if (!this.#isClean) this.#prepared?.snapshot.restore(this.#memory)
    this.#isClean = true
  }

  #prepare({ harness, program, text, secretive, memoryBytes }: WorldSource): void {
    this.#prepared = undefined
    this.#pristine.restore(this.#memory)
    const context = this.#quickJs.newContext()
    const { runtime } = context
    runtime.setMemoryLimit(memoryBytes)
    runtime.setMaxStackSize(stackBytes)
    runtime.setInterruptHandler(() => performance.now() > this.#deadline)
    const enter = this.#timed(() => {
      const open = this.#take(context, context.evalCode(harness, 'inside.js'))
      const send = context.newFunction('send', (asked) => {
        const question = context.getString(asked)
        return context.newString(this.#untimed(() => this.#send(question)))
      })
      const names = context.newString(secretive.join())
      const inside = this.#take(context, context.callFunction(open, context.undefined, send, names))
      const made = this.#take(context, context.evalCode(text, 'parameter.js'))
      const define = context.getProp(inside, 'define')
      this.#take(context, context.callFunction(define, context.undefined, made))
      return context.getProp(inside, 'enter')
    })
    const snapshot = new Snapshot(this.#memory)
    this.#prepared = { program, memoryBytes, context, enter, snapshot }
    this.#isClean = true
  }

  enter(text: string): string {
    const { context, enter } = this.#current()
    return this.#timed(() => {
      const given = context.newString(text)
      const answer = this.#take(context, context.callFunction(enter, context.undefined, given))
      const answered = context.getString(answer)
      given.dispose()
      answer.dispose()
      return answered
    })
  }

  get hasWork(): boolean {
    return this.#current().context.runtime.hasPendingJob()
  }

  /** Runs promise reactions one by one: a chain without end is no single job that an interrupt could end cleanly. */
  work(): void {
    const { context } = this.#current()
    const { runtime } = context
    this.#timed(() => {
      while (runtime.hasPendingJob()) {
        const { error } = runtime.executePendingJobs(1)
        if (error) throw failure(context, error)
        if (performance.now() > this.#deadline) throw new WorldError('interrupted')
      }
    })
  }

  #current(): Prepared {
    if (!this.#prepared) throw new WorldError('its world is gone')
    return this.#prepared
  }

  /** The code may run for as long as it has time left; inside of another step, for what that has left. */
  #timed<T>(step: () => T): T {
    const isOutermost = this.#deadline === Number.POSITIVE_INFINITY
    if (isOutermost) this.#deadline = performance.now() + this.left
    this.#depth++
    try {
      return step()
    } finally {
      this.#depth--
      if (isOutermost) {
        this.left = this.#deadline - performance.now()
        this.#deadline = Number.POSITIVE_INFINITY
      }
    }
  }

  /** Waiting for the program is not the code's time. */
  #untimed<T>(step: () => T): T {
    this.left = this.#deadline - performance.now()
    this.#deadline = Number.POSITIVE_INFINITY
    try {
      return step()
    } finally {
      this.#deadline = performance.now() + this.left
    }
  }

  #take(context: QuickJSContext, result: Result): QuickJSHandle {
    if (result.error) throw failure(context, result.error)
    return result.value
  }
}

type Result =
  | { readonly value: QuickJSHandle; readonly error?: undefined }
  | { readonly error: QuickJSHandle }

function failure(context: QuickJSContext, handle: QuickJSHandle): Error {
  const thrown: unknown = context.dump(handle)
  handle.dispose()
  const message = thrown instanceof Object ? Reflect.get(thrown, 'message') : thrown
  const name = thrown instanceof Object ? Reflect.get(thrown, 'name') : ''
  return new WorldError(name === 'InternalError' ? String(message) : `${name}: ${message}`)
}

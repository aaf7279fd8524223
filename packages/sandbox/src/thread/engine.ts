import type { QuickJSContext, QuickJSHandle, QuickJSWASMModule } from 'quickjs-emscripten-core'
import { type EngineMemory, Snapshot } from './snapshot.ts'

/** What a world is made of. */
export interface WorldSource {
  readonly program: number
  /** The program, as one expression. */
  readonly text: string
  readonly memoryBytes: number
  readonly timeMs: number
}

/** The engine stopped the code, or the code cannot be evaluated. */
export class WorldError extends Error {
  override readonly name = 'WorldError'
  /** Where the code was, in the words of the engine. */
  readonly place: string

  constructor(message: string, place = '') {
    super(message)
    this.place = place
  }
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
  readonly #memory: EngineMemory
  readonly #context: QuickJSContext
  readonly #define: QuickJSHandle
  readonly #enter: QuickJSHandle
  /** The memory with the harness in it, and nothing of any program. */
  readonly #base: Snapshot
  #loaded: { readonly source: WorldSource; readonly snapshot: Snapshot | undefined } | undefined
  #isClean = true
  #send: (text: string) => string = () => ''
  #deadline = Number.POSITIVE_INFINITY
  #depth = 0

  /** `harness` is what runs beside the code: see `inside/main.ts`. */
  constructor(quickJs: QuickJSWASMModule, harness: string) {
    this.#memory = quickJs.getWasmMemory()
    const context = quickJs.newContext()
    this.#context = context
    context.runtime.setMaxStackSize(stackBytes)
    context.runtime.setInterruptHandler(() => performance.now() > this.#deadline)
    const open = this.#take(context.evalCode(harness, 'inside.js'))
    const send = context.newFunction('send', (asked) => {
      const question = context.getString(asked)
      return context.newString(this.#untimed(() => this.#send(question)))
    })
    const inside = this.#take(context.callFunction(open, context.undefined, send))
    this.#define = context.getProp(inside, 'define')
    this.#enter = context.getProp(inside, 'enter')
    this.#base = new Snapshot(this.#memory)
  }

  /** Whether it is worth keeping: a memory that grew stays large. */
  get isSmall(): boolean {
    return this.#memory.buffer.byteLength === this.#base.memoryBytes
  }

  get isRunning(): boolean {
    return this.#depth > 0
  }

  has(program: number): boolean {
    return this.#loaded?.source.program === program
  }

  /** Begins a new world. `send` gives what the code asks to the program outside, and gives its answer. */
  open(source: WorldSource, send: (text: string) => string): void {
    this.#send = send
    if (this.has(source.program)) this.clean()
    else this.#load(source)
    this.#context.runtime.setMemoryLimit(source.memoryBytes)
    this.#isClean = false
    this.left = source.timeMs
  }

  /** Makes the memory what it was before the code ran. */
  clean(): void {
    const loaded = this.#loaded
    if (this.#isClean || !loaded) return
    if (loaded.snapshot) loaded.snapshot.restore(this.#memory)
    else {
      this.#evaluate(loaded.source)
      this.#loaded = { source: loaded.source, snapshot: new Snapshot(this.#memory) }
    }
    this.#isClean = true
  }

  /** What a program that was not called before waits for; a snapshot of it is made when there is time. */
  #load(source: WorldSource): void {
    this.#loaded = undefined
    this.#evaluate(source)
    this.#loaded = { source, snapshot: undefined }
  }

  #evaluate({ text }: WorldSource): void {
    const context = this.#context
    this.#base.restore(this.#memory)
    const made = this.#take(context.evalCode(text, 'parameter.js'))
    this.#take(context.callFunction(this.#define, context.undefined, made))
  }

  enter(text: string): string {
    const context = this.#context
    return this.#timed(() => {
      const given = context.newString(text)
      const answer = this.#take(context.callFunction(this.#enter, context.undefined, given))
      const answered = context.getString(answer)
      given.dispose()
      answer.dispose()
      return answered
    })
  }

  get hasWork(): boolean {
    return this.#context.runtime.hasPendingJob()
  }

  /** Runs promise reactions one by one: a chain without end is no single job that an interrupt could end cleanly. */
  work(): void {
    const { runtime } = this.#context
    this.#timed(() => {
      while (runtime.hasPendingJob()) {
        const { error } = runtime.executePendingJobs(1)
        if (error) throw this.#failure(error)
        if (performance.now() > this.#deadline) throw new WorldError('interrupted')
      }
    })
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

  #take(result: Result): QuickJSHandle {
    if (result.error) throw this.#failure(result.error)
    return result.value
  }

  #failure(handle: QuickJSHandle): Error {
    const thrown: unknown = this.#context.dump(handle)
    handle.dispose()
    const message = thrown instanceof Object ? Reflect.get(thrown, 'message') : thrown
    const name = thrown instanceof Object ? Reflect.get(thrown, 'name') : ''
    const stack = thrown instanceof Object ? Reflect.get(thrown, 'stack') : ''
    const text = name === 'InternalError' ? String(message) : `${name}: ${message}`
    return new WorldError(text, String(stack))
  }
}

type Result =
  | { readonly value: QuickJSHandle; readonly error?: undefined }
  | { readonly error: QuickJSHandle }

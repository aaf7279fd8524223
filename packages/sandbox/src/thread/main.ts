/**
 * The thread in which sandboxes live. It waits for messages without its event loop, so that it can answer a program that
 * itself waits. It is bundled with the engine into one text; see `build.mjs`.
 */
import { type MessagePort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import variant from '@jitl/quickjs-singlefile-mjs-release-sync'
import { newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core'
import { Engine, WorldError } from './engine.ts'
import {
  type FromThread,
  fromThread,
  started,
  type ThreadData,
  type ToThread,
  toThread,
  type WorldOrder,
} from './messages.ts'
import { sleep } from './sleep.ts'

const mostPrograms = 100
const mostEngines = 8

type Request = ToThread & { readonly kind: 'enter' | 'work' }

class Thread {
  readonly #data: ThreadData
  readonly #port: MessagePort
  readonly #worlds = new Map<number, Engine>()
  /** Engines without a world. */
  readonly #free: Engine[] = []
  readonly #texts = new Map<number, string>()
  readonly #replies = new Map<number, string>()
  #asks = 0

  constructor(data: ThreadData, port: MessagePort) {
    this.#data = data
    this.#port = port
  }

  async run(): Promise<never> {
    await this.#addEngine()
    this.#post({ kind: 'ready' })
    for (;;) {
      const message = this.#next(true)
      // While another world waits for the program, there is no time to make an engine.
      const isNew = message.kind === 'enter' && message.order !== undefined
      if (isNew && this.#free.length === 0 && this.#worlds.size < mostEngines)
        await this.#addEngine()
      this.#step(message)
    }
  }

  async #addEngine(): Promise<void> {
    const quickJs = await newQuickJSWASMModuleFromVariant(variant)
    this.#free.push(new Engine(quickJs, this.#data.harness))
  }

  #post(message: FromThread): void {
    this.#port.postMessage(message)
    Atomics.add(this.#data.signals, fromThread, 1)
    Atomics.notify(this.#data.signals, fromThread)
  }

  #next(isIdle: boolean): ToThread {
    for (;;) {
      const seen = Atomics.load(this.#data.signals, toThread)
      const received = receiveMessageOnPort(this.#port)
      // Only the program's thread has the other end.
      if (received) return received.message as ToThread
      // The next call should find its engine clean.
      if (isIdle) for (const engine of this.#free) engine.clean()
      sleep(this.#data.signals, toThread, seen)
    }
  }

  #step(message: ToThread): void {
    if (message.kind === 'reply') this.#replies.set(message.ask, message.text)
    else if (message.kind === 'close') this.#close(message.world)
    else this.#perform(message)
  }

  #close(world: number): void {
    const engine = this.#worlds.get(world)
    this.#worlds.delete(world)
    if (engine?.isSmall && !engine.isRunning) this.#free.push(engine)
  }

  #perform({ kind, world: id, request, order, text, spent }: Request): void {
    let engine: Engine | undefined
    let answer = ''
    let fault: string | undefined
    let place = ''
    try {
      engine = this.#engineOf(id, order)
      engine.left -= spent
      this.#begin(request)
      if (kind === 'enter') answer = engine.enter(text)
      else engine.work()
    } catch (error) {
      fault = error instanceof Error ? error.message : String(error)
      if (error instanceof WorldError) place = error.place
      // What broke the engine may have left it in any state.
      else this.#worlds.delete(id)
    }
    const left = engine?.left ?? 0
    const hasWork = fault === undefined && engine?.hasWork === true
    this.#post({ kind: 'answer', world: id, request, text: answer, fault, place, left, hasWork })
  }

  /** The program's thread counts the time from here. */
  #begin(request: number): void {
    const { signals } = this.#data
    Atomics.store(signals, started, request)
    Atomics.add(signals, fromThread, 1)
    Atomics.notify(signals, fromThread)
  }

  #engineOf(id: number, order: WorldOrder | undefined): Engine {
    const known = this.#worlds.get(id)
    if (known) return known
    if (!order) throw new WorldError('its world is gone')
    if (order.text !== undefined) this.#remember(order.program, order.text)
    const text = this.#texts.get(order.program)
    if (text === undefined) throw new WorldError('its program is forgotten')
    const engine = this.#takeFree(order.program)
    this.#worlds.set(id, engine)
    engine.open({ ...order, text }, (asked) => this.#ask(id, asked))
    return engine
  }

  #takeFree(program: number): Engine {
    const fitting = this.#free.findIndex((engine) => engine.has(program))
    const [engine] = this.#free.splice(Math.max(0, fitting), 1)
    if (!engine) throw new WorldError('too many calls of changed code at once')
    return engine
  }

  #remember(program: number, text: string): void {
    this.#texts.set(program, text)
    if (this.#texts.size <= mostPrograms) return
    for (const oldest of this.#texts.keys()) {
      this.#texts.delete(oldest)
      return
    }
  }

  /** Waits for the program's answer. Until it comes, other worlds of the thread may be asked for something. */
  #ask(world: number, text: string): string {
    const ask = ++this.#asks
    const left = this.#worlds.get(world)?.left ?? 0
    this.#post({ kind: 'ask', world, ask, text, left })
    for (;;) {
      const reply = this.#replies.get(ask)
      if (reply !== undefined) {
        this.#replies.delete(ask)
        return reply
      }
      this.#step(this.#next(false))
    }
  }
}

// Only `host/thread.ts` starts this file, with this data.
const { port, ...data } = workerData as ThreadData & { readonly port: MessagePort }
new Thread(data, port).run().catch((error: unknown) => {
  port.postMessage({ kind: 'broken', reason: String(error) } satisfies FromThread)
  Atomics.add(data.signals, fromThread, 1)
  Atomics.notify(data.signals, fromThread)
})

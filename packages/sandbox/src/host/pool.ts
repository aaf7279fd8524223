import { availableParallelism } from 'node:os'
import { setCodeFrame } from '@trace2/core'
import { raise } from '@trace2/source'
import type { Limits } from '../limits.ts'
import type { Program } from '../program.ts'
import type { ToThread, WorldOrder } from '../thread/messages.ts'
import { frameAt, lineOf } from './place.ts'
import type { Sandbox, Service } from './sandbox.ts'
import { type Answer, type Resident, SandboxThread } from './thread.ts'

/** The threads in which sandboxes live: as many as are used at once, up to a bound. */
export class ThreadPool {
  /** With more calls than this at once, several share a thread; one that has to be ended then ends its neighbours. */
  readonly mostThreads = Math.max(4, availableParallelism())
  readonly #threads = new Set<SandboxThread>()
  readonly #programs = new WeakMap<Program, number>()
  #programCount = 0
  #worldCount = 0

  /** Starts the first thread. */
  async start(): Promise<void> {
    await this.#idleThread().ready()
  }

  /** How many threads there are. */
  get size(): number {
    return this.#threads.size
  }

  /** How many worlds are in use. */
  get worlds(): number {
    return [...this.#threads].reduce((sum, { residents }) => sum + residents.size, 0)
  }

  open(program: Program, limits: Limits, service: Service): Sandbox {
    const thread = this.#idleThread()
    // One more stands by, for calls inside of calls, and for when this one has to be ended.
    if (this.#threads.size < 2) this.#addLater()
    const order = this.#order(program, limits, thread)
    return new ThreadSandbox(thread, ++this.#worldCount, order, program, service)
  }

  #idleThread(): SandboxThread {
    let best: SandboxThread | undefined
    for (const thread of this.#threads) {
      if (thread.residents.size === 0 && thread.isReady) return thread
      if (!best || thread.residents.size < best.residents.size) best = thread
    }
    if (best && (best.residents.size === 0 || this.#threads.size >= this.mostThreads)) return best
    return this.#add()
  }

  #add(): SandboxThread {
    const thread: SandboxThread = new SandboxThread(() => {
      this.#threads.delete(thread)
      // The next call should not have to wait for a thread to start; where none starts, another would not either.
      if (thread.isReady) this.#addLater()
    })
    this.#threads.add(thread)
    return thread
  }

  /** To start a thread takes longer than most calls, so it is not done in the middle of one. */
  #addLater(): void {
    setImmediate(() => {
      if (this.#threads.size < 2) this.#add()
    }).unref()
  }

  #order(program: Program, limits: Limits, thread: SandboxThread): WorldOrder {
    let number = this.#programs.get(program)
    if (number === undefined) {
      number = ++this.#programCount
      this.#programs.set(program, number)
    }
    const isKnown = thread.programs.has(number)
    thread.programs.add(number)
    const { memoryBytes, timeMs } = limits
    const { text } = program
    return { program: number, text: isKnown ? undefined : text, memoryBytes, timeMs }
  }
}

class ThreadSandbox implements Sandbox, Resident {
  timeLeft: number
  hasWork = false
  readonly serve: Service['serve']
  readonly fail: Service['fail']
  readonly #thread: SandboxThread
  readonly #world: number
  readonly #program: Program
  #order: WorldOrder | undefined
  #spent = 0

  constructor(
    thread: SandboxThread,
    world: number,
    order: WorldOrder,
    program: Program,
    service: Service,
  ) {
    this.#program = program
    this.#thread = thread
    this.#world = world
    this.#order = order
    this.serve = service.serve
    this.fail = service.fail
    this.timeLeft = order.timeMs
    thread.residents.set(world, this)
  }

  noteTime(left: number): void {
    this.timeLeft = left
  }

  enter(text: string): string {
    return this.#read(
      this.#thread.requestNow(this.#request('enter', text), this.#world, this.timeLeft),
    )
  }

  enterLater<T>(text: string, read: (answer: string) => T): Promise<T> {
    return this.#later('enter', text, read)
  }

  finish(): void {
    if (!this.#thread.finish(this.#world)) return
    while (this.hasWork) {
      const make = this.#request('work', '')
      this.#read(this.#thread.requestNow(make, this.#world, this.timeLeft))
    }
  }

  work(): Promise<void> {
    return this.#later('work', '', () => undefined)
  }

  spend(milliseconds: number): void {
    this.timeLeft -= milliseconds
    this.#spent += milliseconds
  }

  close(): void {
    this.#thread.residents.delete(this.#world)
    this.#thread.post({ kind: 'close', world: this.#world })
  }

  #later<T>(kind: 'enter' | 'work', text: string, read: (answer: string) => T): Promise<T> {
    const make = this.#request(kind, text)
    return this.#thread.requestLater(make, this.#world, this.timeLeft, (answer) =>
      read(this.#read(answer)),
    )
  }

  #request(kind: 'enter' | 'work', text: string): (request: number) => ToThread {
    const [order, spent] = [this.#order, this.#spent]
    this.#order = undefined
    this.#spent = 0
    return (request) => ({ kind, world: this.#world, request, order, text, spent })
  }

  #read({ text, fault, place, hasWork }: Answer): string {
    this.hasWork = hasWork
    if (fault === undefined) return text
    const error = raise('T2_CODE_LIMIT', `The code was stopped: ${fault}.`)
    const line = lineOf(place, this.#program)
    if (line !== undefined) setCodeFrame(error, frameAt(line, this.#program, error.code))
    throw error
  }
}

import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { brotliDecompressSync } from 'node:zlib'
import type { Trace2Error } from '@trace2/core'
import { raise } from '@trace2/source'
import { insideText } from '../generated/inside.ts'
import { threadText } from '../generated/thread.ts'
import {
  type FromThread,
  fromThread,
  started,
  type ThreadData,
  type ToThread,
  toThread,
} from '../thread/messages.ts'
import type { Service } from './sandbox.ts'

/** One of the worlds of a thread. */
export interface Resident extends Service {
  /** Takes the time that the code has left, as the thread counted it. */
  noteTime(left: number): void
}

export type Answer = FromThread & { readonly kind: 'answer' }

interface Start {
  readonly resolve: () => void
  readonly reject: (error: Trace2Error) => void
}

interface Pending {
  readonly world: number
  readonly settle: (answer: Answer) => void
  readonly fail: (error: Trace2Error) => void
  /** Milliseconds that the code may run, from when it begins. */
  readonly left: number
  /** When it is overdue; until the code begins, a generous time. */
  deadline: number
  hasBegun: boolean
}

/** A stop comes this long after the limit where the engine does not stop by itself. */
const graceMs = 6
const startMs = 10_000
/** How often it is looked whether what was asked for without waiting has begun. */
const pollMs = 10

let threadCode: string | undefined

/** @throws {Trace2Error} `T2_CODE_ISOLATION` where the runtime has no threads. */
function startWorker(code: string, data: ThreadData & { readonly port: MessagePort }): Worker {
  try {
    return new Worker(code, {
      eval: true,
      workerData: data,
      transferList: [data.port],
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16 },
    })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw raise('T2_CODE_ISOLATION', `Isolation needs threads, which cannot be started: ${reason}`)
  }
}

/** A thread of sandboxes. What it is asked for is answered while this thread waits, or later; it can be ended. */
export class SandboxThread {
  readonly residents = new Map<number, Resident>()
  /** Numbers of the programs whose text it has been sent. */
  readonly programs = new Set<number>()
  readonly #worker: Worker
  readonly #port: MessagePort
  readonly #signals = new Int32Array(new SharedArrayBuffer(12))
  readonly #pending = new Map<number, Pending>()
  readonly #onGone: () => void
  #requests = 0
  /** How many of its questions are being answered, one inside of another. */
  #replying = 0
  #isReady = false
  #isGone = false
  #timer: NodeJS.Timeout | undefined
  #whenReady: Start[] = []

  constructor(onGone: () => void) {
    this.#onGone = onGone
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    const data: ThreadData & { port: MessagePort } = {
      harness: insideText,
      signals: this.#signals,
      port: port2,
    }
    threadCode ??= brotliDecompressSync(Buffer.from(threadText, 'base64')).toString()
    this.#worker = startWorker(threadCode, data)
    this.#worker.unref()
    this.#worker.on('error', (error) =>
      this.end(`The thread of changed code broke: ${error.message}.`),
    )
    this.#worker.on('exit', () => this.end('The thread of changed code ended.'))
    this.#port.on('message', (message: FromThread) => this.#dispatch(message))
    this.#port.unref()
  }

  get isGone(): boolean {
    return this.#isGone
  }

  get isReady(): boolean {
    return this.#isReady
  }

  /** @throws {Trace2Error} `T2_CODE_ISOLATION` where it does not start. */
  ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#isReady) return resolve()
      // Who waits for it keeps the process alive.
      this.#port.ref()
      this.#whenReady.push({ resolve, reject })
    })
  }

  post(message: ToThread): void {
    if (this.#isGone) return
    this.#port.postMessage(message)
    Atomics.add(this.#signals, toThread, 1)
    Atomics.notify(this.#signals, toThread)
  }

  /** Sends a request and blocks until it is answered; meanwhile the thread's questions are. */
  requestNow(make: (request: number) => ToThread, world: number, left: number): Answer {
    if (!this.#isReady) this.#awaitReady()
    let answer: Answer | undefined
    const settle = (got: Answer): void => {
      answer = got
    }
    const pending = this.#send(make, world, left, settle, () => undefined)
    for (;;) {
      if (answer) return answer
      if (this.#isGone) throw raise('T2_CODE_LIMIT', 'The thread of changed code ended.')
      const message = this.#receive(pending)
      if (message) this.#dispatch(message)
      else throw this.#overdue()
    }
  }

  /** Sends a request. Its answer is read as soon as it is there, before anything that comes after it. */
  requestLater<T>(
    make: (request: number) => ToThread,
    world: number,
    left: number,
    read: (answer: Answer) => T,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#port.ref()
      const settle = (answer: Answer): void => {
        try {
          resolve(read(answer))
        } catch (error) {
          reject(error)
        }
      }
      this.#send(make, world, left, settle, reject)
      this.#arm()
    })
  }

  /** Blocks until all that a world was asked for is answered. Returns whether there was anything. */
  finish(world: number): boolean {
    let waited = false
    // While it waits for this thread's own reply, it can do nothing else.
    while (this.#replying === 0 && !this.#isGone) {
      const pending = [...this.#pending.values()].find((each) => each.world === world)
      if (!pending) break
      waited = true
      const message = this.#receive(pending)
      if (!message) throw this.#overdue()
      this.#dispatch(message)
    }
    return waited
  }

  #send(
    make: (request: number) => ToThread,
    world: number,
    left: number,
    settle: Pending['settle'],
    fail: Pending['fail'],
  ): Pending {
    const request = ++this.#requests
    const deadline = performance.now() + startMs
    const pending = { world, settle, fail, left, deadline, hasBegun: false }
    this.#pending.set(request, pending)
    this.post(make(request))
    return pending
  }

  #receive(until: { readonly deadline: number }): FromThread | undefined {
    for (;;) {
      const seen = Atomics.load(this.#signals, fromThread)
      const received = receiveMessageOnPort(this.#port)
      // Only the thread has the other end.
      if (received) return received.message as FromThread
      this.#noteBegun()
      const wait = until.deadline - performance.now()
      if (wait <= 0) return undefined
      Atomics.wait(this.#signals, fromThread, seen, wait)
    }
  }

  #noteBegun(): void {
    const last = Atomics.load(this.#signals, started)
    for (const [request, pending] of this.#pending) {
      if (pending.hasBegun || request > last) continue
      pending.hasBegun = true
      pending.deadline = performance.now() + pending.left + graceMs
    }
  }

  #awaitReady(): void {
    const deadline = performance.now() + startMs
    while (!this.#isReady && !this.#isGone) {
      const message = this.#receive({ deadline })
      if (!message) throw this.end('The thread of changed code does not start.')
      this.#dispatch(message)
    }
  }

  #dispatch(message: FromThread): void {
    switch (message.kind) {
      case 'ready':
        this.#isReady = true
        if (this.#pending.size === 0) this.#port.unref()
        for (const { resolve } of this.#whenReady.splice(0)) resolve()
        return
      case 'ask':
        this.#reply(message)
        return
      case 'answer':
        this.#answered(message)
        return
      case 'broken':
        this.end(`The code broke the isolation: ${message.reason}.`)
    }
  }

  #reply({ world, ask, text, left }: FromThread & { kind: 'ask' }): void {
    const resident = this.residents.get(world)
    resident?.noteTime(left)
    this.#replying++
    const reply = resident?.serve(text) ?? '["throw"]\n[["u"]]'
    this.#replying--
    for (const pending of this.#pending.values()) {
      if (pending.world === world) pending.deadline = performance.now() + left + graceMs
    }
    this.post({ kind: 'reply', ask, text: reply })
  }

  #answered(answer: Answer): void {
    const pending = this.#pending.get(answer.request)
    this.#pending.delete(answer.request)
    if (this.#pending.size === 0) this.#port.unref()
    this.residents.get(answer.world)?.noteTime(answer.left)
    pending?.settle(answer)
  }

  /** What was asked for without waiting has a deadline too. */
  #arm(): void {
    if (this.#timer || this.#isGone) return
    const deadlines = [...this.#pending.values()].map(({ deadline }) => deadline)
    if (deadlines.length === 0) return
    const check = (): void => {
      this.#timer = undefined
      // This thread may have been busy; what came meanwhile is no fault of the code.
      const atOnce = { deadline: 0 }
      for (let got = this.#receive(atOnce); got; got = this.#receive(atOnce)) this.#dispatch(got)
      const now = performance.now()
      if ([...this.#pending.values()].some(({ deadline }) => deadline <= now)) this.#overdue()
      else this.#arm()
    }
    const wait = Math.min(...deadlines) - performance.now()
    this.#timer = setTimeout(check, Math.max(1, Math.min(wait, pollMs)))
    this.#timer.unref()
  }

  #overdue(): Trace2Error {
    return this.end('The code was stopped: it took too long.')
  }

  /** Ends the thread, whatever it is doing. */
  end(reason: string): Trace2Error {
    const error = raise('T2_CODE_LIMIT', reason)
    if (this.#isGone) return error
    this.#isGone = true
    clearTimeout(this.#timer)
    this.#port.close()
    this.#worker.terminate().catch(() => undefined)
    for (const { reject } of this.#whenReady.splice(0)) reject(raise('T2_CODE_ISOLATION', reason))
    this.#onGone()
    for (const { fail } of this.#pending.values()) fail(error)
    for (const resident of [...this.residents.values()]) resident.fail(error)
    return error
  }
}

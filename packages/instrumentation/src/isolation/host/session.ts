import { AsyncResource } from 'node:async_hooks'
import { raise } from '../../errors.ts'
import { Codec } from '../codec/codec.ts'
import { frameText, type Head, readFrame } from '../codec/frames.ts'
import type { Limits } from '../limits.ts'
import type { Program } from '../program.ts'
import { Budget } from './budget.ts'
import { localized } from './locale.ts'
import { runtimeService } from './runtime.ts'
import type { OpenSandbox, Sandbox } from './sandbox.ts'
import { type Caller, HostSide } from './side.ts'

export type Callable = (...args: readonly unknown[]) => unknown

/** What the program gives to changed code. */
export interface Given {
  /** What `this` is where the function is made. */
  readonly self: unknown
  readonly values: ReadonlyMap<string, unknown>
  /** The function to call in place of one that was given, so that the call is recorded. */
  recorded(fn: Callable): Callable
}

interface Resolvers {
  readonly resolve: (value: unknown) => void
  readonly reject: (reason: unknown) => void
}

// A world is thrown away when nothing of the program leads into it any more.
const abandoned = new FinalizationRegistry<Sandbox>((sandbox) => sandbox.close())

/** One call of changed code: a world of its own, the objects that both sides know, and what is waited for. */
export class Session implements Caller {
  readonly #codec: Codec
  readonly #sandbox: Sandbox
  readonly #budget: Budget
  readonly #given: Given
  readonly #scope = new AsyncResource('trace2.code')
  readonly #awaited = new Map<number, Resolvers>()
  #depth = 0
  /** Promises and timers of the program that the code may wait for. */
  #pending = 0
  /** Functions and generators of the code that the program may have kept: how many, and those that it has not. */
  #held = 0
  readonly #released = new WeakSet<object>()
  #isOver = false
  /** Requests to the sandbox that are not answered. */
  #inFlight = 0

  constructor(program: Program, given: Given, limits: Limits, open: OpenSandbox) {
    this.#codec = new Codec(new HostSide(this, program))
    this.#budget = new Budget(limits)
    this.#given = given
    const session = new WeakRef(this)
    this.#sandbox = open(program, limits, {
      serve: (text) => session.deref()?.serve(text) ?? '["throw"]\n[["u"]]',
      fail: (error) => session.deref()?.fail(error),
    })
    abandoned.register(this, this.#sandbox, this)
  }

  /** Calls the function of the program, after making it. */
  call(program: Program, self: unknown, args: readonly unknown[]): unknown {
    const text = this.#first(program, self, args)
    return this.#now(text)
  }

  /** As {@link call}, without blocking. */
  async callLater(program: Program, self: unknown, args: readonly unknown[]): Promise<unknown> {
    return this.#later(this.#first(program, self, args))
  }

  #first(program: Program, self: unknown, args: readonly unknown[]): string {
    try {
      const { values } = this.#given
      const runtime = runtimeService(this)
      const taken = program.takes.map((name) =>
        values.has(name) ? values.get(name) : Reflect.get(runtime, name),
      )
      const begin = this.#frame(['begin'], [this.#given.self, ...taken])
      const call = this.#frame(['call'], [program.usesThis ? self : undefined, ...args])
      return `${begin}\n\n${call}`
    } catch (error) {
      this.#end(error)
      throw error
    }
  }

  apply(id: number, self: unknown, args: readonly unknown[]): unknown {
    return this.#ask(['apply', id], [self, ...args])
  }

  construct(id: number, args: readonly unknown[]): unknown {
    return this.#ask(['construct', id], [undefined, ...args])
  }

  resume(id: number, method: string, args: readonly unknown[]): unknown {
    return this.#ask(['resume', id, method], args)
  }

  resumeLater(id: number, method: string, args: readonly unknown[]): Promise<unknown> {
    return this.#askLater(['resume', id, method], args)
  }

  /** Calls a function of the code after a time, which counts as the code's own. Returns what cancels that. */
  delay(fn: Callable, milliseconds: number, args: readonly unknown[]): () => void {
    const wait = Math.max(0, Math.min(milliseconds, this.#sandbox.timeLeft))
    this.#pending++
    // The timer has it now.
    if ((this.#codec.idOf(fn) ?? 0) < 0) this.release(fn)
    const fire = (): void => {
      this.#pending--
      this.#sandbox.spend(wait)
      if (wait < milliseconds) this.#end(raise('T2_CODE_LIMIT', 'The code waited too long.'))
      else this.#fire(fn, args).catch((error: unknown) => this.#end(error))
    }
    const timer = setTimeout(fire, wait)
    return () => {
      clearTimeout(timer)
      this.#pending--
    }
  }

  async #fire(fn: Callable, args: readonly unknown[]): Promise<void> {
    const id = this.#codec.idOf(fn) ?? 0
    if (id < 0) await this.#askLater(['apply', id], [undefined, ...args])
    else fn(...args)
    this.#rest()
  }

  hold(): void {
    this.#held++
  }

  release(target: object): void {
    if (this.#released.has(target)) return
    this.#released.add(target)
    this.#held--
    this.#rest()
  }

  watch(promise: Promise<unknown>): void {
    this.#pending++
    const tell = (ok: boolean) => (value: unknown) => {
      this.#pending--
      const id = this.#codec.idOf(promise)
      if (this.#isOver || id === undefined) return
      this.#askLater(['settle', id, ok], [value]).catch((error: unknown) => this.#end(error))
    }
    promise.then(tell(true), tell(false))
  }

  expect(id: number): Promise<unknown> {
    const promise = new Promise<unknown>((resolve, reject) =>
      this.#awaited.set(id, { resolve, reject }),
    )
    // The code may have handled a rejection itself; that the program did not is no fault of the program.
    promise.catch(() => undefined)
    return promise
  }

  #ask(head: Head, values: readonly unknown[]): unknown {
    const text = this.#frame(head, values)
    return this.#now(text)
  }

  #askLater(head: Head, values: readonly unknown[]): Promise<unknown> {
    return this.#later(this.#frame(head, values))
  }

  #frame(head: Head, values: readonly unknown[]): string {
    if (this.#isOver) {
      throw raise('T2_CODE_LIMIT', 'The call of the changed code is over, and its world is gone.')
    }
    return this.#budget.counted(frameText(head, this.#codec.encode(values, false)))
  }

  async #later(text: string): Promise<unknown> {
    this.#inFlight++
    // In an object, because a promise would be waited for here.
    let answer: { readonly value: unknown }
    try {
      answer = await this.#sandbox.enterLater(text, (got) => ({ value: this.#read(got) }))
    } catch (error) {
      if (isLimit(error)) this.#end(error)
      throw error
    } finally {
      this.#inFlight--
      this.#rest()
    }
    return answer.value
  }

  #now(text: string): unknown {
    this.#depth++
    try {
      return this.#read(this.#sandbox.enter(text))
    } catch (error) {
      if (isLimit(error)) this.#end(error)
      throw error
    } finally {
      this.#depth--
      this.#rest()
    }
  }

  #read(answer: string): unknown {
    const { head, message } = readFrame(this.#budget.counted(answer))
    const [value] = this.#codec.decode(message)
    if (head[0] === 'throw') throw asThrown(value)
    return value
  }

  /** After each step: what waits for nothing will never be settled, and what nobody waits for is over. */
  #rest(): void {
    if (this.#isOver || this.#depth > 0 || this.#inFlight > 0) return
    if (this.#sandbox.hasWork) {
      this.#work()
      return
    }
    if (this.#pending > 0 || this.#held > 0) return
    this.#end(raise('T2_CODE_LIMIT', 'The promise that the code returned would never be settled.'))
  }

  /** Runs what the code left for later. */
  async #work(): Promise<void> {
    this.#inFlight++
    try {
      await this.#sandbox.work()
    } catch (error) {
      this.#end(error)
    }
    this.#inFlight--
    this.#rest()
  }

  fail(error: unknown): void {
    this.#end(error)
  }

  #end(reason: unknown): void {
    if (this.#isOver) return
    this.#isOver = true
    abandoned.unregister(this)
    for (const { reject } of this.#awaited.values()) reject(reason)
    this.#awaited.clear()
    this.#sandbox.close()
  }

  /** Answers what the code asks. Nothing that it asks for is taken on trust. */
  serve(text: string): string {
    try {
      this.#budget.counted(text)
      const { head, message } = readFrame(text)
      const values = this.#codec.decode(message)
      const value = this.#scope.runInAsyncScope(() => this.#perform(head, values))
      return this.#budget.counted(frameText(['return'], this.#codec.encode([value], false)))
    } catch (error) {
      return this.#thrown(error)
    }
  }

  #thrown(error: unknown): string {
    try {
      return frameText(['throw'], this.#codec.encode([error], false))
    } catch (reason) {
      // What was thrown cannot cross, a revoked proxy for one; why, can.
      const fault = raise('T2_CODE_VALUE', `What was thrown cannot cross: ${messageOf(reason)}`)
      return frameText(['throw'], this.#codec.encode([fault], false))
    }
  }

  #perform(head: readonly unknown[], values: readonly unknown[]): unknown {
    const [operation] = head
    const id = Number(head[1])
    const [first, ...others] = values
    switch (operation) {
      case 'settle':
        return this.#settle(id, head[2] === true, first)
      case 'locale':
        return localized(values)
      case 'get':
      case 'set':
        return this.#field(id, operation, first, others[0])
      case 'apply':
        return Reflect.apply(this.#given.recorded(this.#callable(id)), first, others)
      case 'construct':
        return Reflect.construct(this.#callable(id), others)
      default:
        throw raise('T2_CODE_VALUE', 'The changed code asked for something that there is not.')
    }
  }

  #callable(id: number): Callable {
    this.#budget.countCall()
    const target = this.#codec.known(id)
    if (id <= 0 || typeof target !== 'function') {
      throw raise('T2_CODE_VALUE', 'The changed code called something that it was not given.')
    }
    // It was given to the code as a function, and is called with what the code passed.
    return target as Callable
  }

  #field(id: number, operation: 'get' | 'set', key: unknown, value: unknown): unknown {
    const target = this.#codec.known(id)
    const isKey = typeof key === 'string' || typeof key === 'symbol'
    if (id <= 0 || typeof target !== 'object' || !isKey || !this.#codec.isLazy(id, key)) {
      throw raise('T2_CODE_VALUE', 'The changed code read something that it was not given.')
    }
    return operation === 'get' ? Reflect.get(target, key) : Reflect.set(target, key, value)
  }

  #settle(id: number, ok: boolean, value: unknown): void {
    const resolvers = this.#awaited.get(id)
    this.#awaited.delete(id)
    if (ok) resolvers?.resolve(value)
    else resolvers?.reject(asThrown(value))
  }
}

function isLimit(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, 'code') === 'T2_CODE_LIMIT'
}

/** The engine's own errors say that a limit was met. */
function asThrown(value: unknown): unknown {
  if (!(value instanceof Error) || value.constructor.name !== 'InternalError') return value
  return raise('T2_CODE_LIMIT', `The code was stopped: ${value.message}.`)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : typeof error
}

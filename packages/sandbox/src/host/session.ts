import { AsyncResource } from 'node:async_hooks'
import { raise } from '@trace2/source'
import { Codec } from '../codec/codec.ts'
import { frameText, type Head, readFrame } from '../codec/frames.ts'
import type { Limits } from '../limits.ts'
import type { Program } from '../program.ts'
import { Answers } from './answers.ts'
import { Budget } from './budget.ts'
import type { Caller } from './caller.ts'
import { asThrown, isFault, isLimit, messageOf } from './faults.ts'
import type { Callable, Given } from './given.ts'
import { runtimeService } from './runtime.ts'
import type { OpenSandbox, Sandbox } from './sandbox.ts'
import { HostSide } from './side.ts'
import { type Clock, Timers } from './timers.ts'
import { type Turn, Turns } from './turns.ts'

interface Resolvers {
  readonly resolve: (value: unknown) => void
  readonly reject: (reason: unknown) => void
}

// A world is thrown away when nothing of the program leads into it any more.
const abandoned = new FinalizationRegistry<Sandbox>((sandbox) => sandbox.close())

/** One call of changed code: a world of its own, the objects that both sides know, and what is waited for. */
export class Session implements Caller, Clock {
  readonly #codec: Codec
  readonly #sandbox: Sandbox
  readonly #budget: Budget
  readonly #given: Given
  readonly #scope = new AsyncResource('trace2.code')
  readonly #awaited = new Map<number, Resolvers>()
  readonly #answers: Answers
  readonly #turns = new Turns()
  readonly timers = new Timers(this)
  #depth = 0
  /** How many questions of the code are being answered, one inside of another. */
  #serving = 0
  /** Promises of the program that the code may wait for. */
  #pending = 0
  /** Functions and generators of the code that the program may have kept: how many, and those that it has not. */
  #held = 0
  readonly #released = new WeakSet<object>()
  #over: { readonly reason: unknown } | undefined
  /** Requests to the sandbox that are not answered. */
  #inFlight = 0

  constructor(program: Program, given: Given, limits: Limits, open: OpenSandbox) {
    this.#codec = new Codec(new HostSide(this, program))
    this.#budget = new Budget(limits)
    this.#given = given
    // Bound, because closures of one function keep alive all that any of them uses.
    this.#answers = new Answers(this.#codec, this.#budget, given, this.#settle.bind(this))
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
      const isGiven = program.takes.every((name) => values.has(name))
      const runtime = isGiven ? {} : runtimeService(this)
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

  callBack(id: number, self: unknown, args: readonly unknown[]): unknown {
    // The code that called the program is told of a fault.
    if (this.#serving > 0 || this.#depth > 0) return this.apply(id, self, args)
    if (this.#over) return undefined
    try {
      return this.apply(id, self, args)
    } catch (error) {
      if (!isFault(error)) throw error
      if (this.#awaited.size === 0) process.emitWarning(messageOf(error))
      this.#end(error)
      return undefined
    }
  }

  get isServing(): boolean {
    return this.#serving > 0
  }

  get timeLeft(): number {
    return this.#sandbox.timeLeft
  }

  spend(milliseconds: number): void {
    this.#sandbox.spend(milliseconds)
  }

  turnOf(fn: Callable, args: readonly unknown[], begun: () => void): Turn {
    const begin = (): void => {
      begun()
      const id = this.#codec.idOf(fn) ?? 0
      this.#begin(['apply', id], [undefined, ...args]).catch((error: unknown) => this.#end(error))
    }
    return { begin, refuse: () => undefined }
  }

  take(turn: Turn): void {
    this.#turns.add(turn)
    this.#rest()
  }

  drop(turn: Turn): void {
    this.#turns.drop(turn)
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
      if (this.#over || id === undefined) return
      this.#askLater(['settle', id, ok], [value]).catch((error: unknown) => this.#end(error))
    }
    promise.then(tell(true), tell(false))
  }

  expect(id: number): Promise<unknown> {
    const promise = new Promise<unknown>((resolve, reject) => {
      if (this.#over) reject(this.#over.reason)
      else this.#awaited.set(id, { resolve, reject })
    })
    // The code may have handled a rejection itself; that the program did not is no fault of the program.
    promise.catch(() => undefined)
    return promise
  }

  #ask(head: Head, values: readonly unknown[]): unknown {
    // The program runs between the steps of the code, or inside of one that called it.
    if (this.#inFlight > 0 && this.#serving === 0) this.#catchUp()
    const text = this.#frame(head, values)
    return this.#now(text)
  }

  /** In its turn; what crosses is written then, because both sides have to read in the order of writing. */
  #askLater(head: Head, values: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        this.#begin(head, values).then(resolve, reject)
      }
      this.take({ begin, refuse: reject })
    })
  }

  async #begin(head: Head, values: readonly unknown[]): Promise<unknown> {
    return this.#later(this.#frame(head, values))
  }

  /** Blocks until the step that runs is done, with all that it left for later. */
  #catchUp(): void {
    this.#depth++
    try {
      this.#sandbox.finish()
    } catch (error) {
      this.#end(error)
      throw error
    } finally {
      this.#depth--
    }
  }

  #frame(head: Head, values: readonly unknown[]): string {
    this.#checkOver()
    return this.#budget.counted(frameText(head, this.#codec.encode(values, false)))
  }

  #checkOver(): void {
    if (!this.#over) return
    throw raise('T2_CODE_LIMIT', 'The call of the changed code is over, and its world is gone.')
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
    if (this.#over || this.#depth > 0 || this.#inFlight > 0) return
    if (this.#sandbox.hasWork) {
      this.#work()
      return
    }
    const turn = this.#turns.next()
    if (turn) {
      turn.begin()
      return
    }
    if (this.#pending > 0 || this.timers.size > 0 || this.#held > 0) return
    if (this.#awaited.size === 0) this.#end(undefined)
    else {
      const reason = 'The promise that the code returned would never be settled.'
      this.#end(raise('T2_CODE_LIMIT', reason))
    }
  }

  /** Runs what the code left for later. */
  async #work(): Promise<void> {
    this.#inFlight++
    try {
      // It comes after the step of the program that called the code.
      await undefined
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
    if (this.#over) return
    this.#over = { reason }
    abandoned.unregister(this)
    for (const { reject } of this.#awaited.values()) reject(reason)
    this.#awaited.clear()
    this.timers.clearAll()
    this.#turns.refuseAll(reason)
    this.#sandbox.close()
  }

  /** Answers what the code asks. */
  serve(text: string): string {
    this.#serving++
    try {
      this.#checkOver()
      this.#budget.counted(text)
      const { head, message } = readFrame(text)
      const values = this.#codec.decode(message)
      const value = this.#scope.runInAsyncScope(() => this.#answers.perform(head, values))
      return this.#budget.counted(frameText(['return'], this.#codec.encode([value], false)))
    } catch (error) {
      return this.#thrown(error)
    } finally {
      this.#serving--
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

  #settle(id: number, ok: boolean, value: unknown): void {
    const resolvers = this.#awaited.get(id)
    this.#awaited.delete(id)
    if (ok) resolvers?.resolve(value)
    else resolvers?.reject(asThrown(value))
  }
}

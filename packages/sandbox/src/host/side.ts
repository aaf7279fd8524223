import { types } from 'node:util'
import { setCodeFrame } from '@trace2/core'
import { raise } from '@trace2/source'
import type { ClassMembers, Field, Kind, Side } from '../codec/side.ts'
import type { Program } from '../program.ts'
import type { Caller } from './caller.ts'
import { asyncGenerator, generator } from './generators.ts'
import { frameAt, lineOf } from './place.ts'
import { isPlain, Policy } from './policy.ts'

/** The side of the border where the program is. */
export class HostSide implements Side {
  readonly sign = 1
  readonly #caller: Caller
  readonly #program: Program
  readonly #policy: Policy
  readonly #stacks = new WeakMap<object, string>()

  constructor(caller: Caller, program: Program) {
    this.#caller = caller
    this.#program = program
    this.#policy = new Policy(program.members)
  }

  kindOf(target: object): Kind {
    if (typeof target === 'function') {
      if (makers.has(target)) throw this.refuse('a function that makes functions from text')
      return 'f'
    }
    // What a proxy is, only its traps know; a copy would be something else.
    if (types.isProxy(target)) throw this.refuse('a proxy')
    if (Array.isArray(target)) return 'a'
    if (types.isPromise(target)) {
      this.#caller.watch(target)
      return 'p'
    }
    if (isPlain(target)) return 'o'
    return this.#brandOf(target)
  }

  #brandOf(target: object): Kind {
    if (types.isNativeError(target)) return 'e'
    if (types.isMap(target)) return 'm'
    if (types.isSet(target)) return 's'
    if (types.isDate(target)) return 'd'
    if (types.isRegExp(target)) return 'r'
    if (types.isArrayBuffer(target)) return 'b'
    if (ArrayBuffer.isView(target)) return 'v'
    if (types.isBoxedPrimitive(target)) return 'x'
    if (types.isWeakMap(target) || types.isWeakSet(target)) throw this.refuse('a weak collection')
    if (target instanceof WeakRef) throw this.refuse('a weak reference')
    if (types.isSharedArrayBuffer(target)) throw this.refuse('shared memory')
    return 'o'
  }

  foreignPrototype(prototype: object, kind: Kind): string | undefined {
    const maker: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value
    const isBase = Object.getPrototypeOf(Object.getPrototypeOf(prototype) ?? {}) === null
    const name = typeof maker === 'function' ? maker.name : undefined
    return isBase && name !== undefined && name === baseNames[kind] ? name : undefined
  }

  fieldOf(target: object, kind: Kind, key: PropertyKey, property: PropertyDescriptor): Field {
    return this.#policy.fieldOf(target, kind, key, property)
  }

  mayChange(target: object | symbol, kind: Kind): boolean {
    return typeof target === 'object' && !notData.has(kind) && this.#policy.mayChange(target)
  }

  // A pool of Node's has the bytes of others in it.
  crossesAlone(view: object): boolean {
    return Buffer.isBuffer(view) && view.length < view.buffer.byteLength
  }

  // What is here knows itself whether it does.
  keepAlone(): void {}

  prototypeOf(fn: object): object | undefined {
    const property = Object.getOwnPropertyDescriptor(fn, 'prototype')
    const isClass = property !== undefined && (!property.writable || fn === Buffer)
    return isClass && typeof property.value === 'object' ? (property.value ?? undefined) : undefined
  }

  classMembers(prototype: object): ClassMembers {
    return this.#policy.classMembers(prototype)
  }

  nameOfShared(target: object): string | undefined {
    return this.#program.shared.names.get(target)
  }

  shared(name: string): object | undefined {
    return this.#program.shared.objects.get(name)
  }

  stackOf(error: object): string {
    return this.#stacks.get(error) ?? ''
  }

  placeError(error: object, stack: string): void {
    this.#stacks.set(error, stack)
    const line = lineOf(stack, this.#program)
    if (!(error instanceof Error) || line === undefined) return
    setCodeFrame(error, frameAt(line, this.#program, error.name))
    Object.defineProperty(error, 'stack', {
      get: () => `${error.name}: ${error.message}\n    at changed source:${line}`,
      set: (value: unknown) => Object.defineProperty(error, 'stack', { value, writable: true }),
      configurable: true,
    })
  }

  makeFunction(id: number, name: string, length: number): object {
    const caller = this.#caller
    const wasPassed = caller.isServing
    const made = function (this: unknown, ...args: unknown[]): unknown {
      if (new.target) return caller.construct(id, args)
      return wasPassed ? caller.callBack(id, this, args) : caller.apply(id, this, args)
    }
    Object.defineProperty(made, 'name', { value: name, configurable: true })
    Object.defineProperty(made, 'length', { value: length, configurable: true })
    caller.hold(made)
    return made
  }

  makePromise(id: number): object {
    return this.#caller.expect(id)
  }

  makeGenerator(id: number, isAsync: boolean): object {
    return isAsync ? asyncGenerator(this.#caller, id) : generator(this.#caller, id)
  }

  makeClass(_id: number, name: string, parent: object | null): object {
    const prototype: object = Object.create(parent)
    const maker = (): never => {
      throw raise('T2_CODE_VALUE', `The class ${name} exists only in changed code.`)
    }
    Object.defineProperty(maker, 'name', { value: name, configurable: true })
    Object.defineProperty(maker, 'prototype', { value: prototype })
    Object.defineProperty(prototype, 'constructor', { value: maker, configurable: true })
    return prototype
  }

  defineLazy(): void {
    throw this.refuse('a property that is fetched')
  }

  refuse(what: string): Error {
    return raise('T2_CODE_VALUE', `Changed code cannot be given ${what}, or gave it.`)
  }
}

const baseNames: Readonly<Partial<Record<Kind, string>>> = {
  a: 'Array',
  d: 'Date',
  r: 'RegExp',
  m: 'Map',
  s: 'Set',
  b: 'ArrayBuffer',
  e: 'Error',
  o: 'Object',
}

const notData: ReadonlySet<Kind> = new Set(['f', 'c', 'p', 'g', 'y'])

// Anybody who can call one of these runs code in the program.
const makers: ReadonlySet<unknown> = new Set([
  Reflect.get(globalThis, 'eval'),
  ...[async () => {}, function* () {}, async function* () {}].map((fn) => fn.constructor),
])

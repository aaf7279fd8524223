import type { Head } from '../codec/frames.ts'
import {
  apply,
  construct,
  create,
  dataProperty,
  defineProperty,
  get,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  isArray,
  ownKeys,
  Table,
} from '../codec/intrinsics.ts'
import { isObject } from '../codec/named.ts'
import type { ClassMembers, Field, Kind, Side } from '../codec/side.ts'
import { keepSpecies, moveSpecies } from './species.ts'

const {
  Promise: PromiseOf,
  ArrayBuffer: BufferOf,
  DataView: ViewOf,
  Date: DateOf,
  Error: ErrorOf,
} = globalThis
const {
  Map: MapOf,
  Set: SetOf,
  RegExp: RegExpOf,
  WeakMap: WeakMapOf,
  WeakSet: WeakSetOf,
} = globalThis
const {
  WeakRef: WeakRefOf,
  SharedArrayBuffer: SharedOf,
  Number: NumberOf,
  String: StringOf,
} = globalThis
const {
  Boolean: BooleanOf,
  Symbol: SymbolOf,
  BigInt: BigIntOf,
  TypeError: TypeErrorOf,
} = globalThis
const { isView } = BufferOf
const { then } = PromiseOf.prototype
const isBaseOf = Object.prototype.isPrototypeOf
const generators = prototypeOfInstances(function* () {})
const asyncGenerators = prototypeOfInstances(async function* () {})
/** Prototypes of the iterators that the language makes. */
const iterators = new Table<unknown, true>()
for (const made of [
  [].values(),
  new Map().keys(),
  new Set().keys(),
  ''[Symbol.iterator](),
  ''.matchAll(/a/g),
])
  iterators.set(getPrototypeOf(made), true)

function prototypeOfInstances(fn: () => object): object {
  return getPrototypeOf(getPrototypeOf(fn()) ?? {}) ?? {}
}

export function promiseThen(
  promise: object,
  ok: (value: unknown) => void,
  failed: (error: unknown) => void,
): void {
  apply(then, promise, [ok, failed])
}

interface Resolvers {
  readonly resolve: (value: unknown) => void
  readonly reject: (reason: unknown) => void
}

/** The side of the border on which the changed code runs. */
export class InsideSide implements Side {
  readonly sign = -1
  /** Grows whenever the program outside may have changed something. */
  epoch = 0
  readonly #ask: (head: Head, values: readonly unknown[]) => unknown
  readonly #onPromise: (promise: object) => void
  readonly #names = new Table<unknown, string>()
  readonly #shared = new Table<string, object>()
  readonly #alone = new Table<unknown, true>()
  readonly #lazy = new Table<unknown, true>()
  readonly #promises = new Table<number, Resolvers>()
  readonly #stacks = new Table<unknown, string>()

  constructor(
    ask: (head: Head, values: readonly unknown[]) => unknown,
    onPromise: (promise: object) => void,
  ) {
    this.#ask = ask
    this.#onPromise = onPromise
  }

  /** Makes helpers and classes known that the program outside has as well. */
  share(shared: object): void {
    const names = ownKeys(shared)
    for (let index = 0; index < names.length; index++) {
      const name = String(names[index])
      const value: unknown = get(shared, name)
      if (!isObject(value)) continue
      this.#names.set(value, name)
      this.#shared.set(name, value)
      const prototype: unknown = getOwnPropertyDescriptor(value, 'prototype')?.value
      if (!isObject(prototype)) continue
      this.#shared.set(`${name}.prototype`, prototype)
      this.#names.set(prototype, `${name}.prototype`)
    }
  }

  nameOfShared(target: object): string | undefined {
    return this.#names.get(target)
  }

  shared(name: string): object | undefined {
    return this.#shared.get(name)
  }

  kindOf(target: object): Kind {
    if (typeof target === 'function') return 'f'
    if (isArray(target)) return 'a'
    const prototype = getPrototypeOf(target)
    if (prototype === Object.prototype || prototype === null) return 'o'
    if (target instanceof PromiseOf) {
      this.#onPromise(target)
      return 'p'
    }
    return this.#brandOf(target)
  }

  #brandOf(target: object): Kind {
    if (target instanceof ErrorOf) return 'e'
    if (target instanceof MapOf) return 'm'
    if (target instanceof SetOf) return 's'
    if (target instanceof DateOf) return 'd'
    if (target instanceof RegExpOf) return 'r'
    if (target instanceof BufferOf) return 'b'
    if (isView(target) || target instanceof ViewOf) return 'v'
    if (target instanceof NumberOf || target instanceof StringOf || target instanceof BooleanOf)
      return 'x'
    if (target instanceof SymbolOf || target instanceof BigIntOf) return 'x'
    if (apply(isBaseOf, generators, [target]) || apply(isBaseOf, asyncGenerators, [target]))
      return 'g'
    if (iterators.has(getPrototypeOf(target))) return 'g'
    if (target instanceof WeakMapOf || target instanceof WeakSetOf)
      throw this.refuse('a weak collection')
    if (target instanceof WeakRefOf) throw this.refuse('a weak reference')
    if (target instanceof SharedOf) throw this.refuse('shared memory')
    return 'o'
  }

  foreignPrototype(): undefined {
    return undefined
  }

  fieldOf(_target: object, kind: Kind, key: PropertyKey, property: PropertyDescriptor): Field {
    if (kind === 'f') return isOwnOfFunctions(key) ? 'omit' : 'value'
    if ((kind === 'e' && key === 'stack') || (kind === 'a' && key === 'length')) return 'omit'
    if (kind === 'r' && key === 'lastIndex') return 'value'
    if (kind === 'x' && !property.configurable) return 'omit'
    return property.get && this.#lazy.has(property.get) ? 'lazy' : 'value'
  }

  mayChange(): boolean {
    return true
  }

  crossesAlone(view: object): boolean {
    return this.#alone.has(view)
  }

  keepAlone(view: object): void {
    this.#alone.set(view, true)
  }

  prototypeOf(): undefined {
    return undefined
  }

  classMembers(prototype: object): ClassMembers {
    const maker: unknown = getOwnPropertyDescriptor(prototype, 'constructor')?.value
    const name = isObject(maker) ? getOwnPropertyDescriptor(maker, 'name')?.value : ''
    const members: (readonly [PropertyKey, string, object])[] = []
    const keys = ownKeys(prototype)
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index]
      const property = key === undefined ? undefined : getOwnPropertyDescriptor(prototype, key)
      if (key === undefined || key === 'constructor' || !property) continue
      if (typeof property.value === 'function') members[members.length] = [key, 'm', property.value]
      if (property.get) members[members.length] = [key, 'g', property.get]
      if (property.set) members[members.length] = [key, 's', property.set]
    }
    return { name: typeof name === 'string' ? name : '', members }
  }

  stackOf(error: object): string {
    const placed = this.#stacks.get(error)
    if (placed !== undefined) return placed
    const stack: unknown = getOwnPropertyDescriptor(error, 'stack')?.value
    return typeof stack === 'string' ? stack : ''
  }

  placeError(error: object, stack: string): void {
    this.#stacks.set(error, stack)
  }

  makeFunction(id: number, name: string, length: number, prototype: object | undefined): object {
    const side = this
    const wrapper = function (this: unknown, ...args: unknown[]): unknown {
      if (new.target && new.target !== wrapper) {
        throw new TypeErrorOf(`${name} stays in the program: changed code cannot extend it`)
      }
      if (new.target) return side.#ask(['construct', id], withThis(undefined, args))
      return side.#ask(['apply', id], withThis(this, args))
    }
    defineProperty(wrapper, 'name', dataProperty(name, 4))
    defineProperty(wrapper, 'length', dataProperty(length, 4))
    if (prototype) {
      defineProperty(wrapper, 'prototype', dataProperty(prototype, 1))
      moveSpecies(wrapper, prototype)
      defineProperty(prototype, 'constructor', dataProperty(wrapper, 5))
    }
    return wrapper
  }

  makePromise(id: number): object {
    return new PromiseOf((resolve, reject) => this.#promises.set(id, { resolve, reject }))
  }

  settle(id: number, ok: boolean, value: unknown): void {
    const resolvers = this.#promises.get(id)
    if (ok) resolvers?.resolve(value)
    else resolvers?.reject(value)
  }

  makeGenerator(): object {
    throw this.refuse('a generator')
  }

  makeClass(_id: number, name: string, parent: object | null): object {
    const prototype: object = create(parent)
    const maker = (): never => {
      throw new TypeErrorOf('a class that was not declared cannot be constructed here')
    }
    defineProperty(maker, 'name', dataProperty(name, 4))
    defineProperty(maker, 'prototype', dataProperty(prototype, 0))
    keepSpecies(maker, prototype, name)
    defineProperty(prototype, 'constructor', dataProperty(maker, 5))
    return prototype
  }

  defineLazy(target: object, key: PropertyKey, id: number, enumerable: boolean): void {
    let cached: unknown
    let epoch = -1
    const read = (): unknown => {
      if (epoch !== this.epoch) {
        cached = this.#ask(['get', id], [key])
        epoch = this.epoch
      }
      return cached
    }
    const write = (value: unknown): void => {
      this.#ask(['set', id], [key, value])
    }
    this.#lazy.set(read, true)
    defineProperty(target, key, {
      // @ts-expect-error -- a literal may have it: it sets the prototype of the descriptor.
      __proto__: null,
      get: read,
      set: write,
      enumerable,
      configurable: true,
    })
  }

  refuse(what: string): unknown {
    return construct(TypeErrorOf, [`${what} cannot leave the code`])
  }
}

function isOwnOfFunctions(key: PropertyKey): boolean {
  return (
    key === 'name' ||
    key === 'length' ||
    key === 'prototype' ||
    key === 'arguments' ||
    key === 'caller'
  )
}

function withThis(self: unknown, args: readonly unknown[]): unknown[] {
  const values = [self]
  for (let index = 0; index < args.length; index++) values[index + 1] = args[index]
  return values
}

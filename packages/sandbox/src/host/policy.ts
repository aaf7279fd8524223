import { types } from 'node:util'
import { parameterBrand } from '@trace2/core'
import type { ClassMembers, Field, Kind } from '../codec/side.ts'

/** What code may use of the program's objects: members that the author's own source names, and what is harmless. */
export class Policy {
  readonly #members: ReadonlySet<PropertyKey>

  constructor(members: ReadonlySet<string>) {
    this.#members = members
  }

  fieldOf(target: object, kind: Kind, key: PropertyKey, property: PropertyDescriptor): Field {
    if (kind === 'f') return this.#fieldOfFunction(key, property)
    if ((kind === 'e' && key === 'stack') || (kind === 'a' && key === 'length')) return 'omit'
    if (kind === 'x' && !property.configurable) return 'omit'
    if (isWorld(target)) return this.#isNamed(key) ? 'lazy' : 'omit'
    if (property.get || property.set) return 'lazy'
    if (kind !== 'o' || isPlain(target)) return 'value'
    return this.#fieldOfInstance(key, property)
  }

  /** What stands for the whole program, or for the runtime, is not the code's to change. */
  mayChange(target: object): boolean {
    return !isWorld(target) && !harmlessMembers(Object.getPrototypeOf(target) ?? target)
  }

  #fieldOfFunction(key: PropertyKey, property: PropertyDescriptor): Field {
    if (ownOfFunctions.has(key) || !this.#isNamed(key)) return 'omit'
    return typeof property.value === 'function' ? 'value' : 'lazy'
  }

  /** An instance may hold half of the program: its objects are fetched when they are asked for. */
  #fieldOfInstance(key: PropertyKey, property: PropertyDescriptor): Field {
    const named = this.#isNamed(key)
    if (typeof property.value === 'function') return named || implicit.has(key) ? 'value' : 'omit'
    if (typeof key === 'symbol') return 'omit'
    if (!property.enumerable && !named) return 'omit'
    return typeof property.value === 'object' && property.value !== null ? 'lazy' : 'value'
  }

  classMembers(prototype: object): ClassMembers {
    const maker: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value
    const name = typeof maker === 'function' ? maker.name : ''
    const harmless = harmlessMembers(prototype)
    const others = prototype === Buffer.prototype ? bufferMembers : implicit
    const members = Reflect.ownKeys(prototype).flatMap((key) => {
      if (neverUsed.has(key) || (others === bufferMembers && partOfBuffer.has(key))) return []
      if (harmless ? !harmless(key) : !this.#isNamed(key) && !others.has(key)) return []
      return formsOf(prototype, key)
    })
    return { name, members }
  }

  #isNamed(key: PropertyKey): boolean {
    return this.#members.has(key) && !neverUsed.has(key)
  }
}

const ownOfFunctions: ReadonlySet<PropertyKey> = new Set([
  ...['name', 'length', 'prototype', 'arguments', 'caller', 'call', 'apply', 'bind'],
])

const neverUsed: ReadonlySet<PropertyKey> = new Set(['constructor', '__proto__', 'prototype'])

/** Members that the language itself uses: to iterate, to wait, to make text. */
const implicit: ReadonlySet<PropertyKey> = new Set([
  ...['next', 'return', 'throw', 'then', 'toString', 'toJSON', 'valueOf'],
  ...[Symbol.iterator, Symbol.asyncIterator, Symbol.toPrimitive],
])

/** Members of a Buffer that other bytes have too, and that do something else there. */
const bufferMembers: ReadonlySet<PropertyKey> = new Set([
  ...implicit,
  ...['fill', 'includes', 'indexOf', 'lastIndexOf', 'toLocaleString'],
])

/** What they give shares its bytes with the Buffer, so they are not left to the program: see `inside/species.ts`. */
const partOfBuffer: ReadonlySet<PropertyKey> = new Set(['slice', 'subarray'])

function formsOf(
  prototype: object,
  key: PropertyKey,
): (readonly [key: PropertyKey, form: string, fn: object])[] {
  const property = Object.getOwnPropertyDescriptor(prototype, key)
  const forms = [
    ['m', property?.value],
    ['g', property?.get],
    ['s', property?.set],
  ] as const
  return forms.flatMap(([form, fn]) => (typeof fn === 'function' ? [[key, form, fn] as const] : []))
}

const parameterMembers: ReadonlySet<PropertyKey> = new Set([
  'value',
  'version',
  'toString',
  'toJSON',
])

/** Classes whose instances do no harm in any hands have all of their members. */
function harmlessMembers(prototype: object): ((key: PropertyKey) => boolean) | undefined {
  if (isOfParameters(prototype)) return (key) => parameterMembers.has(key)
  return harmless.has(prototype) ? () => true : undefined
}

function isOfParameters(prototype: object): boolean {
  const maker: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value
  return typeof maker === 'function' && Object.hasOwn(maker, parameterBrand)
}

const harmless: ReadonlySet<object> = new Set(
  [
    ...[URL, URLSearchParams, TextEncoder, TextDecoder, AbortController, AbortSignal, EventTarget],
    ...[Headers, Blob, FormData],
    ...Object.getOwnPropertyNames(Intl).map((name): unknown => Reflect.get(Intl, name)),
  ].flatMap((each) => {
    const prototype: unknown = typeof each === 'function' ? each.prototype : undefined
    return typeof prototype === 'object' && prototype !== null ? [prototype] : []
  }),
)

export function isPlain(target: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(target)
  if (prototype === Object.prototype || prototype === null)
    return !types.isModuleNamespaceObject(target)
  // An object literal of another realm (`node:vm`, a test runner).
  return (
    Object.getPrototypeOf(prototype) === null && Object.hasOwn(Object(prototype), 'hasOwnProperty')
  )
}

/** Objects that stand for the whole program and its surroundings: nothing of them crosses that is not named. */
function isWorld(target: object): boolean {
  return worlds.has(target) || types.isModuleNamespaceObject(target)
}

const worlds = new WeakSet<object>([globalThis, process, process.env, Intl])

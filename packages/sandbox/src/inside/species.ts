import {
  apply,
  construct,
  dataProperty,
  defineProperty,
  get,
  getPrototypeOf,
  Table,
} from '../codec/intrinsics.ts'
import { builtIn, nameOfPrototype } from '../codec/named.ts'

const { species } = Symbol
const arrays: unknown = Array.prototype
const views = getPrototypeOf(Uint8Array.prototype)
const { subarray } = Uint8Array.prototype

type Maker = (...args: never[]) => unknown

/** What makes the arrays and views that a class of the program extends, by prototype of the class. */
const bases = new Table<unknown, Maker>()

function baseOf(parent: object): Maker | undefined {
  const known = bases.get(parent)
  if (known) return known
  const isBase = parent === arrays || getPrototypeOf(parent) === views
  const base = isBase ? builtIn(nameOfPrototype(parent)) : undefined
  return typeof base === 'function' ? (base as Maker) : undefined
}

/**
 * Lets methods that make another array, `map` or `subarray`, make one of the same class, where the class itself is in
 * the program.
 */
export function keepSpecies(maker: object, prototype: object, name: string): void {
  const parent = getPrototypeOf(prototype)
  const base = parent && baseOf(parent)
  if (!base) return
  bases.set(prototype, base)
  const copy = function (...args: unknown[]): unknown {
    return construct(base, args, new.target)
  }
  defineProperty(copy, 'prototype', dataProperty(prototype, 0))
  defineProperty(maker, species, dataProperty(copy, 4))
  if (name === 'Buffer') defineProperty(prototype, 'slice', dataProperty(slice, 5))
}

/** Of other views it copies; of a Buffer it is a part. */
function slice(this: unknown, ...args: unknown[]): unknown {
  return apply(subarray, this, args)
}

/** As {@link keepSpecies}, for a class that can be called in the program and had another maker before. */
export function moveSpecies(maker: object, prototype: object): void {
  const base = bases.get(prototype)
  if (!base) return
  const before = get(Object(get(prototype, 'constructor')), species)
  defineProperty(maker, species, dataProperty(base === Array ? maker : before, 4))
}

// Taken when the module is loaded, before any code that is not ours runs beside it: nothing that such code does to
// the built-in objects reaches the codec.
export const {
  apply,
  construct,
  defineProperty,
  deleteProperty,
  get,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  isExtensible,
  ownKeys,
  preventExtensions,
  set,
  setPrototypeOf,
} = Reflect
export const { create, freeze, is, isFrozen, isSealed, seal } = Object
export const { isArray } = Array
export const { parse, stringify } = JSON
export const { fromCharCode } = String
export const symbolKey = Symbol.keyFor
export const symbolFor = Symbol.for
export const toBigInt = BigInt

type AnyMethod = (...args: never[]) => unknown

/** A method as a function of the object that it belongs to. The uses below name what the language says it returns. */
function detached<R>(method: AnyMethod): (self: unknown, ...args: unknown[]) => R {
  return (self, ...args) => apply(method, self, args) as R
}

function getter<R>(prototype: object, name: PropertyKey): (self: unknown) => R {
  return detached<R>(getOwnPropertyDescriptor(prototype, name)?.get ?? (() => undefined))
}

const typedArray = getPrototypeOf(Uint8Array.prototype) ?? {}

export const dateTime = detached<number>(Date.prototype.getTime)
export const setDateTime = detached<number>(Date.prototype.setTime)
export const regExpSource = getter<string>(RegExp.prototype, 'source')
export const regExpFlags = getter<string>(RegExp.prototype, 'flags')
export const mapEach = detached<void>(Map.prototype.forEach)
export const mapGet = detached<unknown>(Map.prototype.get)
export const mapHas = detached<boolean>(Map.prototype.has)
export const mapSet = detached<unknown>(Map.prototype.set)
export const mapClear = detached<void>(Map.prototype.clear)
export const mapSize = getter<number>(Map.prototype, 'size')
export const setEach = detached<void>(Set.prototype.forEach)
export const setAdd = detached<unknown>(Set.prototype.add)
export const setClear = detached<void>(Set.prototype.clear)
export const numberValue = detached<number>(Number.prototype.valueOf)
export const stringValue = detached<string>(String.prototype.valueOf)
export const booleanValue = detached<boolean>(Boolean.prototype.valueOf)
export const bigintValue = detached<bigint>(BigInt.prototype.valueOf)
export const symbolValue = detached<symbol>(Symbol.prototype.valueOf)
export const bigintText = detached<string>(BigInt.prototype.toString)
export const symbolDescription = getter<string | undefined>(Symbol.prototype, 'description')
export const typedName = getter<string | undefined>(typedArray, Symbol.toStringTag)
export const typedBuffer = getter<ArrayBuffer>(typedArray, 'buffer')
export const typedOffset = getter<number>(typedArray, 'byteOffset')
export const typedLength = getter<number>(typedArray, 'length')
export const dataBuffer = getter<ArrayBuffer>(DataView.prototype, 'buffer')
export const dataOffset = getter<number>(DataView.prototype, 'byteOffset')
export const dataLength = getter<number>(DataView.prototype, 'byteLength')
export const subarray = detached<Uint8Array>(Uint8Array.prototype.subarray)
export const codeAt = detached<number>(String.prototype.charCodeAt)
export const splitText = detached<string[]>(String.prototype.split)
export const sliceText = detached<string>(String.prototype.slice)
export const functionText = detached<string>(Function.prototype.toString)
const { Map: MapOf } = globalThis

/** A map whose methods are its own, so that nobody can replace them. */
export class Table<K, V> {
  readonly #map = new MapOf<K, V>()

  get(key: K): V | undefined {
    // What is in it was put there by set().
    return mapGet(this.#map, key) as V | undefined
  }

  has(key: unknown): boolean {
    return mapHas(this.#map, key)
  }

  set(key: K, value: V): void {
    mapSet(this.#map, key, value)
  }

  each(visit: (value: V, key: K) => void): void {
    mapEach(this.#map, visit)
  }

  get size(): number {
    return mapSize(this.#map)
  }
}

/** A property descriptor that inherits nothing. */
export function dataProperty(value: unknown, bits = 7): PropertyDescriptor {
  return {
    // @ts-expect-error -- a literal may have it: it sets the prototype of the descriptor.
    __proto__: null,
    value,
    writable: (bits & 1) !== 0,
    enumerable: (bits & 2) !== 0,
    configurable: (bits & 4) !== 0,
  }
}

const openData = dataProperty(undefined)

/** Defines an ordinary property, whatever the prototypes of the object say of its key. */
export function defineData(target: object, key: PropertyKey, value: unknown): void {
  openData.value = value
  defineProperty(target, key, openData)
  openData.value = undefined
}

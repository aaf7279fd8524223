import {
  dataProperty,
  defineData,
  defineProperty,
  deleteProperty,
  freeze,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  is,
  isArray,
  ownKeys,
  parse,
  preventExtensions,
  seal,
  set,
  setPrototypeOf,
  sliceText,
  splitText,
  symbolFor,
  Table,
  toBigInt,
} from './intrinsics.ts'
import { createShell, fillCore } from './kinds.ts'
import type { Entry, Ledger } from './ledger.ts'
import { builtIn, builtInPrototype, isObject, wellKnownSymbol } from './named.ts'
import { bitsOf, flagsOf } from './property-bits.ts'
import type { Kind, Side } from './side.ts'
import { sightOf } from './sight.ts'

/** Reads messages, and gives the objects of this side what changed in them: see {@link Codec}. */
export class Decoder {
  readonly #side: Side
  readonly #ledger: Ledger

  constructor(side: Side, ledger: Ledger) {
    this.#side = side
    this.#ledger = ledger
  }

  /** @throws what {@link Side.refuse} makes for a message that no codec wrote. */
  decode(text: string): unknown[] {
    const lines = splitText(text, '\n')
    const values: unknown = parse(lines[0] ?? '')
    if (!isArray(values)) throw this.#side.refuse('a damaged message')
    const records = new Table<number, readonly unknown[]>()
    const order: (readonly unknown[])[] = []
    for (let index = 1; index < lines.length; index++) {
      const record: unknown = parse(lines[index] ?? '')
      if (!isArray(record)) throw this.#side.refuse('a damaged message')
      records.set(record[0], record)
      order[order.length] = record
    }
    for (let index = 0; index < order.length; index++) this.#meet(order[index], records, 0)
    for (let index = 0; index < order.length; index++) {
      const record = order[index]
      const entry = record && this.#ledger.byId(Number(record[0]))
      if (!record || !entry) continue
      const isNew = entry.record === ''
      if (!isNew && !this.#side.mayChange(entry.target, entry.kind)) {
        throw this.#side.refuse('a change of something that is not data')
      }
      this.#fill(entry, record, isNew)
      entry.record = lines[index + 1] ?? ''
    }
    const decoded: unknown[] = []
    for (let index = 0; index < values.length; index++)
      decoded[index] = this.#fromJson(values[index])
    return decoded
  }

  /** Makes the counterpart of an object that is new. What it is made of must be there before. */
  #meet(
    record: readonly unknown[] | undefined,
    records: Table<number, readonly unknown[]>,
    depth: number,
  ): Entry {
    const id = record?.[0]
    const known = typeof id === 'number' ? this.#ledger.byId(id) : undefined
    if (known) return known
    const core = record?.[4]
    if (!record || typeof id !== 'number' || id * this.#side.sign >= 0 || depth > 100) {
      throw this.#side.refuse('an object that nobody knows')
    }
    const before = (json: unknown): unknown => {
      const needed = isArray(json) && typeof json[0] === 'number' ? json[0] : undefined
      if (needed !== undefined && !this.#ledger.byId(needed))
        this.#meet(records.get(needed), records, depth + 1)
      return this.#fromJson(json)
    }
    const kind = record[1]
    const parts = isArray(core) ? core : []
    const target = this.#make(id, kind, record, parts, before)
    if (!target) throw this.#side.refuse('a damaged message')
    return this.#ledger.add(id, target, kind as Kind)
  }

  #make(
    id: number,
    kind: unknown,
    record: readonly unknown[],
    core: readonly unknown[],
    before: (json: unknown) => unknown,
  ): object | symbol | undefined {
    switch (kind) {
      case 'y':
        return Symbol(textOf(before(core[0])))
      case 'p':
        return this.#side.makePromise(id)
      case 'g':
        return this.#side.makeGenerator(id, core[0] === true)
      case 'c':
        return this.#side.makeClass(
          id,
          textOf(core[0]) ?? '',
          this.#prototypeFrom(record[2], before),
        )
      case 'f': {
        const prototype = before(core[2])
        const length = Number(before(core[1]))
        return this.#side.makeFunction(
          id,
          textOf(core[0]) ?? '',
          length,
          isObject(prototype) ? prototype : undefined,
        )
      }
      default: {
        const shell = createShell(kind as Kind, core, before)
        if (!shell) return undefined
        const prototype = this.#prototypeFrom(record[2], before)
        if (getPrototypeOf(shell) !== prototype) setPrototypeOf(shell, prototype)
        if (kind === 'v' && typeof core[1] === 'string') this.#side.keepAlone(shell)
        if (kind === 'e') this.#side.placeError(shell, textOf(core[0]) ?? '')
        return shell
      }
    }
  }

  #prototypeFrom(json: unknown, before: (json: unknown) => unknown): object | null {
    if (json === null) return null
    if (typeof json === 'string') return builtInPrototype(json) ?? null
    if (isArray(json) && json[0] === 'k') return this.#side.shared(textOf(json[1]) ?? '') ?? null
    const prototype = before(json)
    return isObject(prototype) ? prototype : null
  }

  #fill(entry: Entry, record: readonly unknown[], isNew: boolean): void {
    const { target, kind } = entry
    if (typeof target === 'symbol') return
    const core = record[4]
    const parts = isArray(core) ? core : []
    if (kind === 'c') {
      this.#fillClass(target, parts)
      return
    }
    fillCore(kind, target, parts, this.#fromJson)
    const plain = record[5]
    const other = record[6]
    if (isArray(plain) && isArray(other)) {
      if (isNew && other.length === 0) this.#fillNew(target, Number(record[0]), plain)
      else this.#fillFields(target, kind, Number(record[0]), plain, other, parts.length > 1)
    }
    const flags = record[3]
    entry.seen = flags === 0 ? sightOf(target, kind) : undefined
    if (flags === 3) freeze(target)
    else if (flags === 2) seal(target)
    else if (flags === 1) preventExtensions(target)
    const isClosed = flags === 1 || flags === 2 || flags === 3
    entry.closed = isClosed ? { there: flags, here: flagsOf(target, kind) } : undefined
  }

  #fillClass(prototype: object, core: readonly unknown[]): void {
    for (let index = 1; index + 2 < core.length; index += 3) {
      const key = this.#keyFrom(core[index])
      const fn = this.#fromJson(core[index + 2])
      if (key === undefined || typeof fn !== 'function') continue
      const known = getOwnPropertyDescriptor(prototype, key)
      if (core[index + 1] === 'm') defineProperty(prototype, key, dataProperty(fn, 5))
      else {
        const accessor =
          core[index + 1] === 'g' ? { get: fn, set: known?.set } : { get: known?.get, set: fn }
        defineProperty(prototype, key, { ...accessor, configurable: true } as PropertyDescriptor)
      }
    }
  }

  /** A new object has nothing that could be in the way. */
  #fillNew(target: object, id: number, plain: readonly unknown[]): void {
    for (let index = 0; index + 1 < plain.length; index += 2) {
      const key = this.#keyFrom(plain[index])
      const json = plain[index + 1]
      if (key === undefined || this.#isPrototype(key)) continue
      if (isArray(json) && json[0] === 'l') this.#side.defineLazy(target, key, id, true)
      else defineData(target, key, this.#fromJson(json))
    }
  }

  #fillFields(
    target: object,
    kind: Kind,
    id: number,
    plain: readonly unknown[],
    other: readonly unknown[],
    dense: boolean,
  ): void {
    const seen = new Table<PropertyKey, true>()
    for (let index = 0; index + 1 < plain.length; index += 2) {
      this.#fillField(target, kind, id, seen, plain[index], plain[index + 1], 7)
    }
    for (let index = 0; index + 2 < other.length; index += 3) {
      const bits = Number(other[index + 2])
      this.#fillField(target, kind, id, seen, other[index], other[index + 1], bits)
    }
    if (kind === 'f') return
    const keys = ownKeys(target)
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index]
      const property = key === undefined ? undefined : getOwnPropertyDescriptor(target, key)
      if (key === undefined || !property || seen.has(key)) continue
      if (kind === 'a' && (dense || key === 'length')) continue
      if (this.#side.fieldOf(target, kind, key, property) !== 'omit') deleteProperty(target, key)
    }
  }

  #fillField(
    target: object,
    kind: Kind,
    id: number,
    seen: Table<PropertyKey, true>,
    keyJson: unknown,
    json: unknown,
    bits: number,
  ): void {
    const key = this.#keyFrom(keyJson)
    if (key === undefined) return
    seen.set(key, true)
    const property = getOwnPropertyDescriptor(target, key)
    if (!property && this.#isPrototype(key)) return
    const isForeign = id * this.#side.sign < 0
    const isLazy =
      isForeign &&
      property !== undefined &&
      this.#side.fieldOf(target, kind, key, property) === 'lazy'
    if (isArray(json) && json[0] === 'l') {
      if (isForeign && !isLazy) this.#side.defineLazy(target, key, id, (bits & 2) !== 0)
      return
    }
    const value = this.#fromJson(json)
    if (
      property &&
      'value' in property &&
      is(property.value, value) &&
      bitsOf(property, 'value') === bits
    )
      return
    if (isLazy) defineProperty(target, key, dataProperty(value, bits))
    else if (property?.set || (property?.writable && bitsOf(property, 'value') === bits))
      set(target, key, value)
    else defineProperty(target, key, dataProperty(value, bits))
  }

  /** Whoever copies an object that got such a member here gives the copy another prototype. */
  #isPrototype(key: PropertyKey): boolean {
    return key === '__proto__' && this.#side.sign === 1
  }

  #keyFrom(json: unknown): PropertyKey | undefined {
    const key = this.#fromJson(json)
    return typeof key === 'string' || typeof key === 'symbol' ? key : undefined
  }

  /** The prototype of a class is no value. */
  #sharedFunction(name: string): unknown {
    const target = this.#side.shared(name)
    return typeof target === 'function' ? target : undefined
  }

  readonly #fromJson = (json: unknown): unknown => {
    if (!isArray(json)) return json
    const tag: unknown = json[0]
    const name: unknown = json[1]
    if (typeof tag === 'number') {
      const entry = this.#ledger.byId(tag)
      if (!entry) throw this.#side.refuse('an object that nobody knows')
      return entry.target
    }
    switch (tag) {
      case 'u':
        return undefined
      case 'n':
        return Number(name)
      case 'b': {
        const digits = textOf(name) ?? '0'
        return digits[0] === '-' ? -toBigInt(`0x${sliceText(digits, 1)}`) : toBigInt(`0x${digits}`)
      }
      case 'w':
        return wellKnownSymbol(name)
      case 'W':
        return symbolFor(textOf(name) ?? '')
      case 'i':
        return builtIn(name)
      case 'k':
        return this.#sharedFunction(textOf(name) ?? '')
      default:
        throw this.#side.refuse('a damaged message')
    }
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

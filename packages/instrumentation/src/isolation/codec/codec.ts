import {
  bigintText,
  dataProperty,
  defineProperty,
  deleteProperty,
  freeze,
  get,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  is,
  isArray,
  isExtensible,
  isFrozen,
  isSealed,
  ownKeys,
  parse,
  preventExtensions,
  seal,
  set,
  setPrototypeOf,
  sliceText,
  splitText,
  stringify,
  symbolDescription,
  symbolFor,
  symbolKey,
  Table,
  toBigInt,
} from './intrinsics.ts'
import { coreText, createShell, fillCore, isDense } from './kinds.ts'
import {
  builtIn,
  builtInPrototype,
  isObject,
  nameOfBuiltIn,
  nameOfPrototype,
  nameOfSymbol,
  wellKnownSymbol,
} from './named.ts'
import type { Kind, Side } from './side.ts'

/** An object that both sides know: one has it, the other has its counterpart. */
interface Entry {
  readonly id: number
  readonly target: object | symbol
  readonly kind: Kind
  /** The record that was last sent or received: both sides have the object as it says. */
  record: string
  /** The message that the object was last looked at for. */
  round: number
}

/** With no more shared objects than this, a message brings the changes of all of them. */
const fewObjects = 64

/**
 * Values as text, by the rules of structured clone and further: the same object is the same object on both sides
 * for as long as the codec lives, and a message brings what changed in the objects that it mentions. Its first line has
 * the values; each further line is the record of one object that is new or changed.
 */
export class Codec {
  readonly #side: Side
  readonly #byId = new Table<number, Entry>()
  readonly #byTarget = new Table<unknown, Entry>()
  #count = 0
  #round = 0
  #queue: Entry[] = []

  constructor(side: Side) {
    this.#side = side
  }

  get size(): number {
    return this.#byId.size
  }

  /** With `everything`, the changes of all shared objects go along, whether the values mention them or not. */
  encode(values: readonly unknown[], everything: boolean): string {
    this.#round++
    this.#queue = []
    let text = ''
    for (let index = 0; index < values.length; index++) {
      text += (index === 0 ? '' : ',') + this.#valueText(values[index])
    }
    if (everything || this.#byId.size <= fewObjects) {
      this.#byId.each((entry) => this.#mention(entry))
    }
    text = `[${text}]`
    const sent: Entry[] = []
    try {
      for (let index = 0; index < this.#queue.length; index++) {
        const entry = this.#queue[index]
        if (!entry) continue
        if (entry.record !== '' && isFixed(entry.kind)) continue
        const record = this.#recordText(entry)
        if (record === entry.record) continue
        entry.record = record
        sent[sent.length] = entry
        text += `\n${record}`
      }
    } catch (error) {
      // The message is not sent, so the other side does not have these.
      for (let index = 0; index < sent.length; index++) {
        const entry = sent[index]
        if (entry) entry.record = ''
      }
      throw error
    }
    return text
  }

  #mention(entry: Entry): void {
    if (entry.round === this.#round) return
    entry.round = this.#round
    this.#queue[this.#queue.length] = entry
  }

  readonly #valueText = (value: unknown): string => {
    if (value === null) return 'null'
    if (isObject(value)) return this.#objectText(value)
    switch (typeof value) {
      case 'string':
        return stringify(value)
      case 'number':
        return value - value === 0 && !is(value, -0)
          ? `${value}`
          : `["n","${is(value, -0) ? '-0' : value}"]`
      case 'boolean':
        return value ? 'true' : 'false'
      case 'undefined':
        return '["u"]'
      case 'bigint':
        return `["b","${bigintText(value, 16)}"]`
      case 'symbol':
        return this.#symbolText(value)
      default:
        throw this.#side.refuse(`a value of type ${typeof value}`)
    }
  }

  #symbolText(value: symbol): string {
    const known = nameOfSymbol(value)
    if (known !== undefined) return `["w",${stringify(known)}]`
    const key = symbolKey(value)
    return key === undefined ? this.#referenceText(value, 'y') : `["W",${stringify(key)}]`
  }

  #objectText(value: object): string {
    const name = nameOfBuiltIn(value)
    if (name !== undefined) return `["i","${name}"]`
    if (!this.#byTarget.has(value)) {
      const shared = this.#side.nameOfShared(value)
      if (shared !== undefined) return `["k",${stringify(shared)}]`
    }
    return this.#referenceText(value, undefined)
  }

  #referenceText(target: object | symbol, kind: Kind | undefined): string {
    let entry = this.#byTarget.get(target)
    if (!entry) {
      const found = kind ?? (typeof target === 'symbol' ? 'y' : this.#side.kindOf(target))
      entry = this.#know(++this.#count * this.#side.sign, target, found)
    }
    this.#mention(entry)
    return `[${entry.id}]`
  }

  #know(id: number, target: object | symbol, kind: Kind): Entry {
    const entry: Entry = { id, target, kind, record: '', round: 0 }
    this.#byId.set(id, entry)
    this.#byTarget.set(target, entry)
    return entry
  }

  /** `[id, kind, prototype, flags, core, properties, other properties]` */
  #recordText({ id, target, kind }: Entry): string {
    if (typeof target === 'symbol') {
      return `[${id},"y",null,0,[${this.#valueText(symbolDescription(target))}]]`
    }
    if (kind === 'c') return this.#classText(id, target)
    if (kind === 'p') return `[${id},"p"]`
    const core =
      kind === 'f'
        ? this.#functionText(target)
        : kind === 'g'
          ? `[${Symbol.asyncIterator in target}]`
          : coreText(kind, target, this.#valueText, this.#side)
    const head = `[${id},"${kind}",${this.#prototypeText(target, kind)},${flagsOf(target, kind)},${core}`
    return hasNoFields(kind, target) ? `${head}]` : `${head},${this.#fieldsText(target, kind)}]`
  }

  #functionText(target: object): string {
    const name: unknown = getOwnPropertyDescriptor(target, 'name')?.value
    const length: unknown = getOwnPropertyDescriptor(target, 'length')?.value
    const prototype = this.#side.prototypeOf(target)
    const shown = typeof name === 'string' ? name : ''
    const arity = typeof length === 'number' && length >= 0 ? length : 0
    return `[${stringify(shown)},${this.#valueText(arity)},${prototype ? this.#referenceText(prototype, 'c') : 'null'}]`
  }

  #classText(id: number, prototype: object): string {
    const { name, members } = this.#side.classMembers(prototype)
    let text = ''
    for (let index = 0; index < members.length; index++) {
      const member = members[index]
      if (!member) continue
      text += `,${this.#valueText(member[0])},"${member[1]}",${this.#valueText(member[2])}`
    }
    const shared = this.#side.parentClass(prototype)
    const parent =
      shared === undefined ? this.#prototypeText(prototype, 'c') : `["k",${stringify(shared)}]`
    return `[${id},"c",${parent},0,[${stringify(name)}${text}]]`
  }

  #prototypeText(target: object, kind: Kind): string {
    if (kind === 'f' || kind === 'g') return 'null'
    const prototype = getPrototypeOf(target)
    if (prototype === null) return 'null'
    const name = nameOfPrototype(prototype) ?? this.#side.foreignPrototype(prototype, kind)
    if (name !== undefined) return `"${name}"`
    const shared = this.#side.nameOfShared(prototype)
    return shared === undefined ? this.#referenceText(prototype, 'c') : `["k",${stringify(shared)}]`
  }

  #fieldsText(target: object, kind: Kind): string {
    const keys = ownKeys(target)
    let plain = ''
    let other = ''
    const frozen = isFrozen(target)
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index]
      // To describe the stack of an error is to write it, which takes a while.
      if (key === undefined || (kind === 'e' && key === 'stack')) continue
      const property = getOwnPropertyDescriptor(target, key)
      if (!property) continue
      const field = this.#side.fieldOf(target, kind, key, property)
      if (field === 'omit') continue
      const value =
        field === 'lazy'
          ? '["l"]'
          : this.#valueText('value' in property ? property.value : get(target, key))
      const bits = bitsOf(property, field)
      if (bits === 7 || frozen) plain += `,${this.#valueText(key)},${value}`
      else other += `,${this.#valueText(key)},${value},${bits}`
    }
    return `[${sliceText(plain, 1)}],[${sliceText(other, 1)}]`
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
      const entry = record && this.#byId.get(Number(record[0]))
      if (!record || !entry) continue
      this.#fill(entry, record)
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
    const known = typeof id === 'number' ? this.#byId.get(id) : undefined
    if (known) return known
    const core = record?.[4]
    if (!record || typeof id !== 'number' || id * this.#side.sign >= 0 || depth > 100) {
      throw this.#side.refuse('an object that nobody knows')
    }
    const before = (json: unknown): unknown => {
      const needed = isArray(json) && typeof json[0] === 'number' ? json[0] : undefined
      if (needed !== undefined && !this.#byId.has(needed))
        this.#meet(records.get(needed), records, depth + 1)
      return this.#fromJson(json)
    }
    const kind = record[1]
    const parts = isArray(core) ? core : []
    const target = this.#make(id, kind, record, parts, before)
    if (!target) throw this.#side.refuse('a damaged message')
    return this.#know(id, target, kind as Kind)
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
        if (kind === 'e') this.#side.placeError(shell, textOf(core[0]) ?? '')
        return shell
      }
    }
  }

  #prototypeFrom(json: unknown, before: (json: unknown) => unknown): object | null {
    if (json === null) return null
    if (typeof json === 'string') return builtInPrototype(json) ?? null
    const prototype = before(json)
    return isObject(prototype) ? prototype : null
  }

  #fill({ target, kind }: Entry, record: readonly unknown[]): void {
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
      this.#fillFields(target, kind, Number(record[0]), plain, other, parts.length > 1)
    }
    const flags = record[3]
    if (flags === 3) freeze(target)
    else if (flags === 2) seal(target)
    else if (flags === 1) preventExtensions(target)
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
      this.#fillField(target, id, seen, plain[index], plain[index + 1], 7)
    }
    for (let index = 0; index + 2 < other.length; index += 3) {
      this.#fillField(target, id, seen, other[index], other[index + 1], Number(other[index + 2]))
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
    if (isArray(json) && json[0] === 'l') {
      if (!property && id * this.#side.sign < 0)
        this.#side.defineLazy(target, key, id, (bits & 2) !== 0)
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
    if (property?.set || (property?.writable && bitsOf(property, 'value') === bits))
      set(target, key, value)
    else defineProperty(target, key, dataProperty(value, bits))
  }

  #keyFrom(json: unknown): PropertyKey | undefined {
    const key = this.#fromJson(json)
    return typeof key === 'string' || typeof key === 'symbol' ? key : undefined
  }

  readonly #fromJson = (json: unknown): unknown => {
    if (!isArray(json)) return json
    const tag: unknown = json[0]
    const name: unknown = json[1]
    if (typeof tag === 'number') {
      const entry = this.#byId.get(tag)
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
        return this.#side.shared(textOf(name) ?? '')
      default:
        throw this.#side.refuse('a damaged message')
    }
  }

  /** The object of the other side with this id that was made here, or the own one. */
  known(id: number): object | symbol | undefined {
    return this.#byId.get(id)?.target
  }

  /** Whether a property of an own object was left to be fetched. */
  isLazy(id: number, key: PropertyKey): boolean {
    const entry = this.#byId.get(id)
    if (!entry || typeof entry.target === 'symbol') return false
    const property = getOwnPropertyDescriptor(entry.target, key)
    return (
      property !== undefined &&
      this.#side.fieldOf(entry.target, entry.kind, key, property) === 'lazy'
    )
  }

  idOf(target: unknown): number | undefined {
    return this.#byTarget.get(target)?.id
  }
}

/** Functions, classes and promises stay where they are; nothing of them changes hands later. */
function isFixed(kind: Kind): boolean {
  return kind === 'f' || kind === 'c' || kind === 'p' || kind === 'g' || kind === 'y'
}

function flagsOf(target: object, kind: Kind): number {
  if (kind === 'f' || kind === 'g' || kind === 'v' || isExtensible(target)) return 0
  if (isFrozen(target)) return 3
  return isSealed(target) ? 2 : 1
}

function hasNoFields(kind: Kind, target: object): boolean {
  return kind === 'v' || kind === 'g' || (kind === 'a' && isDense(target))
}

function bitsOf(property: PropertyDescriptor, field: 'value' | 'lazy'): number {
  if (field === 'lazy') return property.enumerable ? 7 : 5
  const writable =
    'value' in property
      ? property.writable
      : property.set !== undefined || property.get !== undefined
  return (writable ? 1 : 0) + (property.enumerable ? 2 : 0) + (property.configurable ? 4 : 0)
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

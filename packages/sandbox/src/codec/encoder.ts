import { keysOf, propertyOf } from './fields.ts'
import {
  bigintText,
  get,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  is,
  sliceText,
  stringify,
  symbolDescription,
  symbolKey,
} from './intrinsics.ts'
import { coreText, isDense } from './kinds.ts'
import type { Entry, Ledger } from './ledger.ts'
import { isObject, nameOfBuiltIn, nameOfPrototype, nameOfSymbol } from './named.ts'
import { bitsOf, flagsOf } from './property-bits.ts'
import type { Kind, Side } from './side.ts'
import { isAsSeen } from './sight.ts'

/** With no more shared objects than this, a message brings the changes of all of them. */
const fewObjects = 64

/** Writes values as messages: see {@link Codec}. */
export class Encoder {
  readonly #side: Side
  readonly #ledger: Ledger
  #count = 0
  #round = 0
  #queue: Entry[] = []

  constructor(side: Side, ledger: Ledger) {
    this.#side = side
    this.#ledger = ledger
  }

  /** With `everything`, the changes of all shared objects go along, whether the values mention them or not. */
  encode(values: readonly unknown[], everything: boolean): string {
    this.#round++
    this.#queue = []
    let text = ''
    for (let index = 0; index < values.length; index++) {
      text += (index === 0 ? '' : ',') + this.#valueText(values[index])
    }
    if (everything || this.#ledger.size <= fewObjects) {
      this.#ledger.each((entry) => this.#mention(entry))
    }
    text = `[${text}]`
    const sent: Entry[] = []
    try {
      for (let index = 0; index < this.#queue.length; index++) {
        const entry = this.#queue[index]
        if (!entry) continue
        if (entry.record !== '' && isFixed(entry.kind)) continue
        if (this.#isUnchanged(entry)) continue
        const record = this.#recordText(entry)
        if (record === entry.record) continue
        entry.record = record
        entry.seen = undefined
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

  #isUnchanged({ target, seen }: Entry): boolean {
    if (!seen || typeof target === 'symbol' || !isAsSeen(target, seen)) return false
    for (let index = 0; index < seen.values.length; index++) {
      const part = this.#ledger.byTarget(seen.values[index])
      if (part) this.#mention(part)
    }
    return true
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
    if (!this.#ledger.byTarget(value)) {
      const shared = this.#side.nameOfShared(value)
      if (shared !== undefined) return `["k",${stringify(shared)}]`
    }
    return this.#referenceText(value, undefined)
  }

  #referenceText(target: object | symbol, kind: Kind | undefined): string {
    let entry = this.#ledger.byTarget(target)
    if (!entry) {
      const found = kind ?? (typeof target === 'symbol' ? 'y' : this.#side.kindOf(target))
      entry = this.#ledger.add(++this.#count * this.#side.sign, target, found)
    }
    this.#mention(entry)
    return `[${entry.id}]`
  }

  /** `[id, kind, prototype, flags, core, properties, other properties]` */
  #recordText({ id, target, kind, closed }: Entry): string {
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
    const here = flagsOf(target, kind)
    const flags = closed?.here === here ? closed.there : here
    const head = `[${id},"${kind}",${this.#prototypeText(target, kind)},${flags},${core}`
    return hasNoFields(kind, target)
      ? `${head}]`
      : `${head},${this.#fieldsText(target, kind, flags === 3)}]`
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
    const parent = this.#prototypeText(prototype, 'c')
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

  #fieldsText(target: object, kind: Kind, frozen: boolean): string {
    const keys = keysOf(target, kind)
    let plain = ''
    let other = ''
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index]
      // To describe the stack of an error is to write it, which takes a while.
      if (key === undefined || (kind === 'e' && key === 'stack')) continue
      const property = propertyOf(target, kind, key)
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
}

/** Functions, classes and promises stay where they are; nothing of them changes hands later. */
function isFixed(kind: Kind): boolean {
  return kind === 'f' || kind === 'c' || kind === 'p' || kind === 'g' || kind === 'y'
}

function hasNoFields(kind: Kind, target: object): boolean {
  return kind === 'v' || kind === 'g' || (kind === 'a' && isDense(target))
}

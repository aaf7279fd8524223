import { type ItemReader, isAccessor, itemReader, keysOf } from '../inspection/members.ts'
import { types } from '../runtime/types.ts'
import { type Fidelity, hidesMembers, isJsonNumber } from './fidelity.ts'
import { quoted } from './quoted.ts'

const mostValues = 256
const mostDepth = 8

/** Objects of one value that are looked at for members that are not written. */
const mostLooks = 8

export interface SimpleText {
  readonly text: string
  readonly fidelity: Fidelity
}

/**
 * JSON text of a value that is small and nothing but data, as `JSON.stringify` writes it, in one pass that runs no code;
 * `undefined` for any other value. `mostCharacters` is how much text may be in it.
 *
 * @param isOutput whether the value may be given again from its text, so that it matters what the text does not show.
 */
export function simpleText(
  value: object,
  mostCharacters: number,
  isOutput = false,
): SimpleText | undefined {
  const writer = new SimpleWriter(mostCharacters, isOutput ? mostLooks : 0)
  const text = writer.object(value, 0)
  return text === undefined ? undefined : { text, fidelity: writer.fidelity }
}

class SimpleWriter {
  #charactersLeft: number
  #valuesLeft = mostValues
  #looksLeft: number
  fidelity: Fidelity = 'exact'

  constructor(mostCharacters: number, looks: number) {
    this.#charactersLeft = mostCharacters
    this.#looksLeft = looks
  }

  object(value: object, depth: number): string | undefined {
    // Also a `toJSON` that is not enumerable would be called.
    if (depth === mostDepth || types.isProxy(value) || Object.hasOwn(value, 'toJSON')) {
      return undefined
    }
    if (this.#looksLeft > 0) {
      this.#looksLeft--
      if (hidesMembers(value)) this.fidelity = 'described'
    }
    if (Array.isArray(value)) {
      // What another prototype has to say of it is for the general writer.
      return Object.getPrototypeOf(value) === Array.prototype ? this.#list(value, depth) : undefined
    }
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype !== Object.prototype) {
      if (prototype !== null) return undefined
      this.fidelity = 'described'
    }
    const keys = keysOf(value)
    if (!keys) return undefined
    let text = '{'
    for (const key of keys) {
      const descriptor = Object.getOwnPropertyDescriptor(value, key)
      if (!descriptor || !('value' in descriptor)) return undefined
      this.#charactersLeft -= key.length
      const member = this.#value(descriptor.value, depth)
      if (member === undefined) return undefined
      if (member === '') continue
      text += text === '{' ? `${quoted(key)}:${member}` : `,${quoted(key)}:${member}`
    }
    return `${text}}`
  }

  #list(list: readonly unknown[], depth: number): string | undefined {
    // A list of numbers, such as an embedding, is written faster in one go.
    const itemOf = itemReader(list)
    if (typeof itemOf(list, 0) === 'number') {
      const numbers = this.#numbers(list, itemOf)
      if (numbers !== undefined) return numbers
    }
    let text = '['
    for (let index = 0; index < list.length; index++) {
      const value = itemOf(list, index)
      if (value === undefined) {
        if (isAccessor(list, index)) return undefined
        if (!Object.hasOwn(list, index)) this.fidelity = 'described'
      }
      const item = this.#value(value, depth)
      if (item === undefined) return undefined
      text += `${index === 0 ? '' : ','}${item === '' ? 'null' : item}`
    }
    return `${text}]`
  }

  #numbers(list: readonly unknown[], itemOf: ItemReader): string | undefined {
    if (list.length > this.#valuesLeft) return undefined
    for (let index = 0; index < list.length; index++) {
      const item = itemOf(list, index)
      if (!Number.isFinite(item)) return undefined
      if (item === 0 && Object.is(item, -0)) this.fidelity = 'described'
    }
    this.#valuesLeft -= list.length
    // Not JSON.stringify, which would look for a `toJSON` in the prototypes.
    return `[${Array.prototype.join.call(list, ',')}]`
  }

  /** The text of a member; empty for `undefined`. */
  #value(value: unknown, depth: number): string | undefined {
    if (--this.#valuesLeft < 0) return undefined
    switch (typeof value) {
      case 'string':
        this.#charactersLeft -= value.length
        if (this.#charactersLeft < 0) return undefined
        if (!value.isWellFormed()) this.fidelity = 'described'
        return quoted(value)
      case 'number':
        if (!Number.isFinite(value)) return undefined
        if (!isJsonNumber(value)) this.fidelity = 'described'
        return `${value}`
      case 'boolean':
        return value ? 'true' : 'false'
      case 'undefined':
        if (this.fidelity === 'exact') this.fidelity = 'incomplete'
        return ''
      case 'object':
        return value === null ? 'null' : this.object(value, depth + 1)
      default:
        return undefined
    }
  }
}

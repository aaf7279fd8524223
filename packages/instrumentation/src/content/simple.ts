import { types } from 'node:util'
import { type ItemReader, isAccessor, itemReader, keysOf } from '../inspection/members.ts'
import { quoted } from './quoted.ts'

const mostValues = 256
const mostDepth = 8

/**
 * JSON text of a value that is small and nothing but data, as `JSON.stringify` writes it, in one pass that runs no code;
 * `undefined` for any other value. `mostCharacters` is how much text may be in it.
 */
export function simpleText(value: object, mostCharacters: number): string | undefined {
  return new SimpleWriter(mostCharacters).object(value, 0)
}

class SimpleWriter {
  #charactersLeft: number
  #valuesLeft = mostValues

  constructor(mostCharacters: number) {
    this.#charactersLeft = mostCharacters
  }

  object(value: object, depth: number): string | undefined {
    // Also a `toJSON` that is not enumerable would be called.
    if (depth === mostDepth || types.isProxy(value) || Object.hasOwn(value, 'toJSON')) {
      return undefined
    }
    if (Array.isArray(value)) {
      // What another prototype has to say of it is for the general writer.
      return Object.getPrototypeOf(value) === Array.prototype ? this.#list(value, depth) : undefined
    }
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype !== Object.prototype && prototype !== null) return undefined
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
      if (value === undefined && isAccessor(list, index)) return undefined
      const item = this.#value(value, depth)
      if (item === undefined) return undefined
      text += `${index === 0 ? '' : ','}${item === '' ? 'null' : item}`
    }
    return `${text}]`
  }

  #numbers(list: readonly unknown[], itemOf: ItemReader): string | undefined {
    if (list.length > this.#valuesLeft) return undefined
    for (let index = 0; index < list.length; index++) {
      if (!Number.isFinite(itemOf(list, index))) return undefined
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
        return this.#charactersLeft >= 0 ? quoted(value) : undefined
      case 'number':
        return Number.isFinite(value) ? `${value}` : undefined
      case 'boolean':
        return value ? 'true' : 'false'
      case 'undefined':
        return ''
      case 'object':
        return value === null ? 'null' : this.object(value, depth + 1)
      default:
        return undefined
    }
  }
}

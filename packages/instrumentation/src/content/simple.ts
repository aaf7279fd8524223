import { keysOf, shapeOf } from '../inspection/members.ts'

const mostValues = 256
const mostDepth = 8

/**
 * Whether a value is small and nothing but data, so that `JSON.stringify` writes it as it is and runs no code: three
 * times as fast as writing it member by member. `mostCharacters` is how much text may be in it.
 */
export function isSimple(value: object, mostCharacters: number): boolean {
  return new Measure(mostCharacters).isSimple(value, 0)
}

class Measure {
  #charactersLeft: number
  #valuesLeft = mostValues

  constructor(mostCharacters: number) {
    this.#charactersLeft = mostCharacters
  }

  isSimple(value: object, depth: number): boolean {
    if (depth === mostDepth) return false
    const shape = shapeOf(value)
    // Also a `toJSON` that is not enumerable would be called.
    if (shape === 'proxy' || Object.hasOwn(value, 'toJSON')) return false
    if (shape === 'list' && Array.isArray(value)) {
      for (let index = 0; index < value.length; index++) {
        if (!this.#fits(value[index], depth)) return false
      }
      return true
    }
    if (shape !== 'plain') return false
    const keys = keysOf(value)
    if (!keys) return false
    for (const key of keys) {
      const descriptor = Object.getOwnPropertyDescriptor(value, key)
      if (!descriptor || !('value' in descriptor)) return false
      this.#charactersLeft -= key.length
      if (!this.#fits(descriptor.value, depth)) return false
    }
    return true
  }

  #fits(value: unknown, depth: number): boolean {
    if (--this.#valuesLeft < 0) return false
    switch (typeof value) {
      case 'string':
        this.#charactersLeft -= value.length
        return this.#charactersLeft >= 0
      case 'number':
        return Number.isFinite(value)
      case 'boolean':
      case 'undefined':
        return true
      case 'object':
        return value === null || this.isSimple(value, depth + 1)
      default:
        return false
    }
  }
}

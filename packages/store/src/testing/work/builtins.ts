type AnyFunction = (...args: never[]) => unknown

/** Tells what one call of a function has looked at. `from` is where a regular expression began to look. */
type Cost = (self: unknown, args: readonly unknown[], result: unknown, from: number) => number

/**
 * Runs a task with built-in functions that count: those whose time grows with what they are given. Callbacks are not
 * counted here: their own blocks are.
 */
export function countingBuiltins(task: () => void): number {
  let work = 0
  const undo: (() => void)[] = []
  for (const [holder, names, cost] of costs) {
    for (const name of names) {
      const descriptor = Object.getOwnPropertyDescriptor(holder, name)
      if (!descriptor) throw new TypeError(`There is no built-in function ${name}.`)
      const call: AnyFunction = descriptor.value
      const counting = function (this: unknown, ...args: unknown[]): unknown {
        const from = this instanceof RegExp && this.global ? this.lastIndex : 0
        const result = Reflect.apply(call, this, args)
        work += cost(this, args, result, from)
        return result
      }
      Object.defineProperty(holder, name, { ...descriptor, value: counting })
      undo.push(() => Object.defineProperty(holder, name, descriptor))
    }
  }
  try {
    task()
  } finally {
    for (const restore of undo) restore()
  }
  return work
}

/** Of a text, a list or bytes. */
function lengthOf(value: unknown): number {
  if (typeof value === 'string') return value.length
  const length: unknown =
    typeof value === 'object' && value !== null ? Reflect.get(value, 'length') : 0
  return typeof length === 'number' ? length : 0
}

const ofSelf: Cost = (self) => lengthOf(self)
const ofFirst: Cost = (_self, [first]) => lengthOf(first)
const ofResult: Cost = (_self, _args, result) => lengthOf(result)
const one: Cost = () => 1

/** As far as the search goes. */
const ofSearch: Cost = (self, [, from], result) => {
  const start = typeof from === 'number' ? from : 0
  if (result === false || result === -1) return Math.max(lengthOf(self) - start, 0)
  return typeof result === 'number' ? Math.max(result - start, 0) + 1 : lengthOf(self)
}

/** A regular expression that is bound to a place looks no further than it matches. */
const ofMatch: Cost = (self, [text], result, from) => {
  const { sticky, source } = self as RegExp
  const isBound = sticky || source.startsWith('^')
  if (!Array.isArray(result)) return isBound ? 1 : Math.max(lengthOf(text) - from, 0)
  const skipped = isBound ? 0 : Number(Reflect.get(result, 'index')) - from
  return skipped + lengthOf(result[0]) + 1
}

const typedArray = Object.getPrototypeOf(Uint8Array.prototype)
const arrayIterator = Object.getPrototypeOf([][Symbol.iterator]())
const mapIterator = Object.getPrototypeOf(new Map()[Symbol.iterator]())
const setIterator = Object.getPrototypeOf(new Set()[Symbol.iterator]())

const costs: readonly (readonly [holder: object, names: readonly string[], cost: Cost])[] = [
  [Array.prototype, ['includes', 'indexOf', 'lastIndexOf'], ofSearch],
  [
    Array.prototype,
    ['splice', 'shift', 'unshift', 'join', 'reverse', 'fill', 'copyWithin'],
    ofSelf,
  ],
  [Array.prototype, ['concat', 'slice', 'flat', 'sort'], ofResult],
  [String.prototype, ['includes', 'indexOf', 'lastIndexOf'], ofSearch],
  [String.prototype, ['split', 'toLowerCase', 'toUpperCase', 'toWellFormed', 'trim'], ofSelf],
  [String.prototype, ['slice', 'substring', 'padStart', 'padEnd', 'repeat', 'concat'], ofResult],
  [String.prototype, ['startsWith', 'endsWith'], ofFirst],
  [RegExp.prototype, ['exec'], ofMatch],
  [JSON, ['parse'], ofFirst],
  [JSON, ['stringify'], ofResult],
  [Object, ['keys', 'values', 'entries'], ofResult],
  [Buffer, ['concat', 'from'], ofResult],
  [Buffer.prototype, ['toString', 'latin1Slice', 'utf8Slice', 'hexSlice'], ofResult],
  [Buffer.prototype, ['write', 'utf8Write'], ofFirst],
  [typedArray, ['set'], ofFirst],
  [typedArray, ['slice', 'fill'], ofResult],
  [arrayIterator, ['next'], one],
  [mapIterator, ['next'], one],
  [setIterator, ['next'], one],
]

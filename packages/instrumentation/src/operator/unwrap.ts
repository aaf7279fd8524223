import { isContainer } from '../lineage/walk.ts'
import { isNode } from '../node.ts'
import { isParameter, type Parameter } from '../parameter/parameter.ts'

/** What a parameter is worth in the current run. */
export type ReadParameter = (parameter: Parameter<unknown>) => unknown

/** How deep, and among how many values of one argument, nodes and parameters are looked for. */
const maxDepth = 8
const maxValues = 100_000

/**
 * A value with the plain values in place of the nodes and parameters that it is or has in it: in lists, plain objects,
 * Maps and Sets. What holds one is copied, once wherever it is found; all else stays the very same. Only data members
 * are looked at, and what cannot be looked at is handed on as it is.
 */
export function unwrap(value: object, read: ReadParameter): unknown {
  return unwrapInside(value, 0, { read, left: maxValues, known: new Map() })
}

interface Search {
  readonly read: ReadParameter
  /** How many more values may be looked at. */
  left: number
  /** What has become of each object: itself, while nobody knows. */
  readonly known: Map<object, unknown>
}

function unwrapInside(value: unknown, depth: number, search: Search): unknown {
  if (typeof value !== 'object' || value === null) return value
  const form = formOf(value)
  if (form === undefined) return value
  // What a failed call threw is thrown by its node.
  if (form.is === 'node') return form.node.value
  if (form.is === 'parameter') return search.read(form.parameter)
  if (depth > maxDepth) return value
  if (search.known.has(value)) return search.known.get(value)
  search.known.set(value, value)
  const items: unknown[] = []
  let changed = false
  for (const item of form.items) {
    const plain = search.left-- > 0 ? unwrapInside(item, depth + 1, search) : item
    if (plain !== item) changed = true
    items.push(plain)
  }
  const result = changed ? form.make(items) : value
  search.known.set(value, result)
  return result
}

type Form =
  | { readonly is: 'node'; readonly node: { readonly value: unknown } }
  | { readonly is: 'parameter'; readonly parameter: Parameter<unknown> }
  | Holder

/** Something with values inside, and how it is made of others in their place. */
interface Holder {
  readonly is: 'holder'
  readonly items: readonly unknown[]
  make(items: readonly unknown[]): object
}

/** `undefined` for an instance of a class, and for what throws when it is looked at. */
function formOf(value: object): Form | undefined {
  try {
    if (isNode(value)) return { is: 'node', node: value }
    if (isParameter(value)) return { is: 'parameter', parameter: value }
    if (isContainer(value)) return holderOfMembers(value)
    return holderOfItems(value)
  } catch {
    return undefined
  }
}

/** By their keys: a list may have holes, and more of them than anyone could count. */
function holderOfMembers(value: object): Holder {
  const keys = Object.keys(value)
  return {
    is: 'holder',
    items: keys.map((key): unknown => Object.getOwnPropertyDescriptor(value, key)?.value),
    make(items) {
      const copy: object = Array.isArray(value) ? value.slice() : { ...value }
      for (const [at, key] of keys.entries()) {
        const member = Object.getOwnPropertyDescriptor(value, key)
        if (member && 'value' in member && member.value !== items[at]) {
          Reflect.set(copy, key, items[at])
        }
      }
      return copy
    },
  }
}

/** Of a Set or a Map; one of a class of its own is an instance like any other. */
function holderOfItems(value: object): Holder | undefined {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (value instanceof Set && prototype === Set.prototype) {
    return { is: 'holder', items: [...value], make: (items) => new Set(items) }
  }
  if (!(value instanceof Map) || prototype !== Map.prototype) return undefined
  return {
    is: 'holder',
    items: [...value].flat(),
    make(items) {
      const copy = new Map<unknown, unknown>()
      for (let at = 0; at < items.length; at += 2) copy.set(items[at], items[at + 1])
      return copy
    },
  }
}

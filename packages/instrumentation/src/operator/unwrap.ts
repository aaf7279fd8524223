import { isContainer } from '../lineage/walk.ts'
import { isNode, type Node } from '../node.ts'
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
  // Most calls are given none: looking for one costs a part of making ready to replace it.
  if (!visitHandles(value, () => true)) return value
  return unwrapInside(value, 0, { read, left: maxValues, known: new Map() })
}

/** The nodes and parameters that a value is or has in it, as far as {@link unwrap} looks. */
export function handlesIn(value: object): Handle[] {
  const handles: Handle[] = []
  visitHandles(value, (handle) => {
    handles.push(handle)
    return false
  })
  return handles
}

type Handle = Node<unknown> | Parameter<unknown>

/** Visits each node and parameter until one visit says that it is enough; tells whether one did. */
function visitHandles(value: object, visit: (handle: Handle) => boolean): boolean {
  return visitInside(value, 0, { left: maxValues, seen: new Set(), visit })
}

interface Visit {
  left: number
  readonly seen: Set<object>
  readonly visit: (handle: Handle) => boolean
}

function visitInside(value: unknown, depth: number, search: Visit): boolean {
  if (typeof value !== 'object' || value === null) return false
  try {
    if (isNode(value) || isParameter(value)) return search.visit(value)
    if (depth > maxDepth || search.seen.has(value)) return false
    const among = (items: Iterable<unknown>) => {
      for (const item of items) {
        if (search.left-- <= 0) return false
        if (typeof item === 'object' && visitInside(item, depth + 1, search)) return true
      }
      return false
    }
    search.seen.add(value)
    if (Array.isArray(value)) {
      // By place: a list's own iterator may be anything.
      for (let at = 0; at < value.length && search.left-- > 0; at++) {
        if (typeof value[at] === 'object' && visitInside(value[at], depth + 1, search)) return true
      }
      return false
    }
    if (isCollection(value)) {
      return among(value.values()) || (value instanceof Map && among(value.keys()))
    }
    if (!isContainer(value)) return false
    for (const key of Object.keys(value)) {
      if (search.left-- <= 0) return false
      const member: unknown = Object.getOwnPropertyDescriptor(value, key)?.value
      if (typeof member === 'object' && visitInside(member, depth + 1, search)) return true
    }
  } catch {
    // It cannot be looked at.
  }
  return false
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

function holderOfItems(value: object): Holder | undefined {
  if (!isCollection(value)) return undefined
  if (value instanceof Set) {
    return { is: 'holder', items: [...value], make: (items) => new Set(items) }
  }
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

/** A Set or a Map; one of a class of its own is an instance like any other. */
function isCollection(value: object): value is Set<unknown> | Map<unknown, unknown> {
  if (!(value instanceof Set || value instanceof Map)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Set.prototype || prototype === Map.prototype
}

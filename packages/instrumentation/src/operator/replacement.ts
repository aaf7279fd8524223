import { types } from '../runtime/types.ts'
import { type Handle, HandleSearch, isHandle } from './handle-search.ts'

/**
 * Puts something in the place of each node and parameter. Objects that hold one, however deep, are copied, each once, so that
 * the copies refer to one another as the originals do; every other object stays the very same.
 */
export class Replacement {
  readonly #replace: (handle: Handle<unknown>) => unknown
  readonly #copies = new Map<object, object>()

  constructor(replace: (handle: Handle<unknown>) => unknown) {
    this.#replace = replace
  }

  /** What takes the place of an object that is a handle or holds one, as a search of the same cost found. */
  of(root: object, most: number): unknown {
    if (isHandle(root)) return this.#replace(root)
    const known = this.#copies.get(root)
    if (known) return known
    const fresh: [object, object][] = []
    for (const original of holdersIn(root, most)) {
      if (this.#copies.has(original)) continue
      const copy = emptyCopy(original)
      this.#copies.set(original, copy)
      fresh.push([original, copy])
    }
    for (const [original, copy] of fresh) this.#fill(original, copy)
    return this.#copies.get(root) ?? root
  }

  #plain(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value
    const copy = this.#copies.get(value)
    if (copy) return copy
    return !types.isProxy(value) && isHandle(value) ? this.#replace(value) : value
  }

  #fill(original: object, copy: object): void {
    if (types.isMap(original) && types.isMap(copy)) {
      for (const [key, value] of Map.prototype.entries.call(original)) {
        copy.set(this.#plain(key), this.#plain(value))
      }
    } else if (types.isSet(original) && types.isSet(copy)) {
      for (const member of Set.prototype.values.call(original)) copy.add(this.#plain(member))
    }
    for (const key of Reflect.ownKeys(original)) {
      const descriptor = descriptorIn(original, key)
      if (!descriptor) continue
      // Getters, and members that are not enumerable, stay what they are.
      if (descriptor.enumerable && 'value' in descriptor) {
        descriptor.value = this.#plain(descriptor.value)
      }
      Object.defineProperty(copy, key, descriptor)
    }
    if (!Object.isExtensible(original)) Object.preventExtensions(copy)
  }
}

/** The objects that hold a handle, themselves or in what they hold. */
function holdersIn(root: object, most: number): ReadonlySet<object> {
  const holdersOf = new Map<object, object[]>()
  const holding = new Set<object>()
  const search = new HandleSearch(most, {
    found: (_handle, holder) => holding.add(holder),
    nested: (inner, holder) => {
      const holders = holdersOf.get(inner)
      if (holders) holders.push(holder)
      else holdersOf.set(inner, [holder])
    },
  })
  search.go(root)
  // A set goes on with what is added to it on the way.
  for (const inner of holding) for (const holder of holdersOf.get(inner) ?? []) holding.add(holder)
  return holding
}

/** An object of the same kind and class, without members. */
function emptyCopy(original: object): object {
  const prototype: object | null = Object.getPrototypeOf(original)
  if (types.isMap(original)) return new Map<unknown, unknown>()
  if (types.isSet(original)) return new Set<unknown>()
  if (!Array.isArray(original)) return Object.create(prototype)
  const list: unknown[] = []
  if (prototype !== Array.prototype) Object.setPrototypeOf(list, prototype)
  return list
}

function descriptorIn(object: object, key: PropertyKey): PropertyDescriptor | undefined {
  try {
    return Object.getOwnPropertyDescriptor(object, key)
  } catch {
    // A member of the namespace of a module that is still being evaluated.
    return undefined
  }
}

import { isNodeObject } from '../node.ts'
import { isParameterObject, type Parameter } from '../parameter/parameter.ts'
import { type Handle, HandleSearch, holderKind, mostCost } from './handle-search.ts'
import { Replacement } from './replacement.ts'

/**
 * The type of an argument of a bundle whose function takes a `T`: a `T`, a node or parameter with such a value, or a list,
 * plain object, Set or Map that contains them, at any depth.
 */
export type Passed<T> = T | Handle<T> | Holding<T>

type Holding<T> = T extends (...args: never[]) => unknown
  ? never
  : T extends ReadonlySet<infer Item>
    ? ReadonlySet<Passed<Item>>
    : T extends ReadonlyMap<infer Key, infer Item>
      ? ReadonlyMap<Passed<Key>, Passed<Item>>
      : T extends readonly unknown[]
        ? number extends T['length']
          ? PassedList<T[number]>
          : { [K in keyof T]: Passed<T[K]> }
        : T extends object
          ? { [K in keyof T]: Passed<T[K]> }
          : never

/** An interface, because its items are only looked at when they are needed: a list may hold lists of its own type. */
interface PassedList<Item> extends ReadonlyArray<Passed<Item>> {}

/** The arguments of a bundle whose function takes `Args`. Each one may be a node or parameter: {@link Passed}. */
export type PassedArguments<Args extends readonly unknown[]> = {
  [K in keyof Args]: Passed<Args[K]>
}

export type { Handle }

/** What a parameter is worth in the current run. */
export type ReadParameter = (parameter: Parameter<unknown>) => unknown

/** What looking for handles in all arguments of a call may cost together, and in one in any case. */
const mostOfCall = 4 * mostCost
const leastOfArgument = 100

/**
 * The plain values of arguments that may be nodes or parameters, or hold such in their arrays, plain objects, maps and sets:
 * a copy with the values takes the place of what holds one. Everything else stays the very same.
 */
export function plainArguments(args: readonly unknown[], read: ReadParameter): readonly unknown[] {
  let plain: unknown[] | undefined
  let replacement: Replacement | undefined
  let left = mostOfCall
  for (let index = 0; index < args.length; index++) {
    const arg = args[index]
    if (typeof arg !== 'object' || arg === null) continue
    const kind = holderKind(arg)
    if (kind === undefined) continue
    if (kind === 'handle') {
      plain ??= [...args]
      plain[index] = isNodeObject(arg) ? arg.value : isParameterObject(arg) ? read(arg) : arg
      continue
    }
    const most = Math.max(leastOfArgument, Math.min(mostCost, left >> 1))
    const cost = costWithoutHandle(arg, most)
    left -= cost ?? most
    if (cost !== undefined) continue
    replacement ??= new Replacement((handle) =>
      isNodeObject(handle) ? handle.value : read(handle),
    )
    plain ??= [...args]
    plain[index] = replacement.of(arg, most)
  }
  return plain ?? args
}

/** What it cost to find that an object holds no handle; `undefined` where it does. */
function costWithoutHandle(holder: object, most: number): number | undefined {
  if (Array.isArray(holder) && holder.length === 0) return 0
  const search = new HandleSearch(most)
  search.go(holder)
  return search.hasFound ? undefined : most - search.left
}

/** Whether any argument is a handle or holds one. */
export function haveHandles(args: readonly unknown[]): boolean {
  for (let index = 0; index < args.length; index++) {
    const arg = args[index]
    if (typeof arg !== 'object' || arg === null) continue
    const kind = holderKind(arg)
    if (kind === 'handle') return true
    if (kind !== undefined && costWithoutHandle(arg, mostCost) === undefined) return true
  }
  return false
}

/** The nodes and parameters that an argument is or has in it, as far as {@link plainArguments} looks. */
export function handlesIn(arg: object): readonly Handle<unknown>[] {
  const handles = new Set<Handle<unknown>>()
  new Replacement((handle) => handles.add(handle)).of(arg, mostCost)
  return [...handles]
}

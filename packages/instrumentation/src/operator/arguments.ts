import type { Node } from '../node.ts'
import type { Parameter } from '../parameter/parameter.ts'
import { type ReadParameter, unwrap } from './unwrap.ts'

/**
 * What a bundle takes where its function takes a `T`: the value, a node or a parameter that has it, or a list, a plain
 * object, a Set or a Map of such, however deep.
 */
export type Passed<T> = T | Handle<T> | Holding<T>

type Holding<T> = T extends (...args: never[]) => unknown
  ? never
  : T extends ReadonlySet<infer Item>
    ? ReadonlySet<Passed<Item>>
    : T extends ReadonlyMap<infer Key, infer Item>
      ? ReadonlyMap<Passed<Key>, Passed<Item>>
      : T extends object
        ? { [K in keyof T]: Passed<T[K]> }
        : never

/** Something that stands for a value of type `T`. */
export type Handle<T> = Node<T> | Parameter<T>

export type PassedArguments<Args extends readonly unknown[]> = {
  [K in keyof Args]: Passed<Args[K]>
}

/** The plain values of arguments that may be nodes or parameters, or hold such. */
export function plainArguments(args: readonly unknown[], read: ReadParameter): readonly unknown[] {
  let plain: unknown[] | undefined
  for (let index = 0; index < args.length; index++) {
    const arg = args[index]
    if (typeof arg !== 'object' || arg === null) continue
    const value = unwrap(arg, read)
    if (value === arg) continue
    plain ??= [...args]
    plain[index] = value
  }
  return plain ?? args
}

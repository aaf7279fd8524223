import { isContainer } from '../lineage/walk.ts'
import { isNode, type Node } from '../node.ts'
import { isParameter, type Parameter } from '../parameter/parameter.ts'

/** What a bundle takes where its function takes a `T`: the value, a node or a parameter that has it, or an object of such. */
export type Passed<T> =
  | T
  | Handle<T>
  | (T extends object ? { [K in keyof T]: T[K] | Handle<T[K]> } : never)

/** Something that stands for a value of type `T`. */
export type Handle<T> = Node<T> | Parameter<T>

export type PassedArguments<Args extends readonly unknown[]> = {
  [K in keyof Args]: Passed<Args[K]>
}

/** What a parameter is worth in the current run. */
export type ReadParameter = (parameter: Parameter<unknown>) => unknown

/** The plain values of arguments that may be nodes or parameters, or hold such one level down. */
export function plainArguments(args: readonly unknown[], read: ReadParameter): readonly unknown[] {
  let plain: unknown[] | undefined
  for (let index = 0; index < args.length; index++) {
    const arg = args[index]
    if (typeof arg !== 'object' || arg === null) continue
    const value = plainOrAsIs(arg, read)
    if (value === arg) continue
    plain ??= [...args]
    plain[index] = value
  }
  return plain ?? args
}

/** An object that cannot even be looked at (a getter or proxy that throws) is the function's own business. */
function plainOrAsIs(arg: object, read: ReadParameter): unknown {
  try {
    if (!isHandle(arg)) return plainContainer(arg, read)
  } catch {
    return arg
  }
  return plainHandle(arg, read)
}

function plainContainer(arg: object, read: ReadParameter): unknown {
  if (!isContainer(arg)) return arg
  const keys = Object.keys(arg)
  if (!keys.some((key) => isHandle(Reflect.get(arg, key)))) return arg
  const copy: object = Array.isArray(arg) ? [...arg] : { ...arg }
  for (const key of keys) {
    const member: unknown = Reflect.get(arg, key)
    if (isHandle(member)) Reflect.set(copy, key, plainHandle(member, read))
  }
  return copy
}

function isHandle(value: unknown): value is Handle<unknown> {
  return isNode(value) || isParameter(value)
}

function plainHandle(handle: Handle<unknown>, read: ReadParameter): unknown {
  return isNode(handle) ? handle.value : read(handle)
}

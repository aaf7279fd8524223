import { raise } from '@trace2/source'

const prototypes = {
  number: Number.prototype,
  bigint: BigInt.prototype,
  string: String.prototype,
  date: Date.prototype,
} as const

const methods: ReadonlySet<unknown> = new Set([
  ...['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString', 'toString', 'toTimeString'],
  ...['localeCompare', 'toLocaleLowerCase', 'toLocaleUpperCase'],
])

/** Does what the engine of the sandbox cannot: it knows no languages and no time zones by name. */
export function localized(values: readonly unknown[]): unknown {
  const [kind, name, receiver, ...args] = values
  const prototype = prototypes[kind as keyof typeof prototypes]
  const method: unknown =
    prototype && methods.has(name) ? Reflect.get(prototype, String(name)) : undefined
  if (typeof method !== 'function') {
    throw raise('T2_CODE_VALUE', 'The changed code asked for something that there is not.')
  }
  const self = kind === 'date' ? new Date(Number(receiver)) : receiver
  return Reflect.apply(method, self, args)
}

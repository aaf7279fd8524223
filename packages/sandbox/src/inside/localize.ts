import { apply, dataProperty, defineProperty } from '../codec/intrinsics.ts'

type Ask = (kind: string, method: string, receiver: unknown, ...args: readonly unknown[]) => unknown

const methods: readonly (readonly [prototype: object, kind: string, names: readonly string[]])[] = [
  [Number.prototype, 'number', ['toLocaleString']],
  [BigInt.prototype, 'bigint', ['toLocaleString']],
  [String.prototype, 'string', ['localeCompare', 'toLocaleLowerCase', 'toLocaleUpperCase']],
  [
    Date.prototype,
    'date',
    ['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString', 'toString', 'toTimeString'],
  ],
]

const readers = {
  number: Number.prototype.valueOf,
  bigint: BigInt.prototype.valueOf,
  string: String.prototype.valueOf,
  date: Date.prototype.getTime,
}

/** The engine knows no languages: methods that do are those of the program outside. */
export function localize(ask: Ask): void {
  for (const [prototype, kind, names] of methods) {
    for (const name of names) {
      const original: unknown = Reflect.get(prototype, name)
      const length = typeof original === 'function' ? original.length : 0
      const method = {
        [name](this: unknown, ...args: unknown[]): unknown {
          const receiver = Reflect.get(readers, kind)
          return ask(kind, name, apply(receiver, this, []), ...args)
        },
      }[name]
      defineProperty(method ?? {}, 'length', dataProperty(length, 4))
      defineProperty(prototype, name, dataProperty(method, 5))
    }
  }
}

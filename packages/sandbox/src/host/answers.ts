import { raise } from '@trace2/source'
import type { Codec } from '../codec/codec.ts'
import { isObject } from '../codec/named.ts'
import type { Budget } from './budget.ts'
import type { Callable, Given } from './given.ts'
import { localized } from './locale.ts'
import { isUncounted } from './uncounted.ts'

/** What the code asks the program for, done. Nothing that it asks for is taken on trust. */
export class Answers {
  readonly #codec: Codec
  readonly #budget: Budget
  readonly #given: Given
  readonly #settle: (id: number, ok: boolean, value: unknown) => void

  constructor(
    codec: Codec,
    budget: Budget,
    given: Given,
    settle: (id: number, ok: boolean, value: unknown) => void,
  ) {
    this.#codec = codec
    this.#budget = budget
    this.#given = given
    this.#settle = settle
  }

  perform(head: readonly unknown[], values: readonly unknown[]): unknown {
    const [operation] = head
    const id = Number(head[1])
    const [first, ...others] = values
    switch (operation) {
      case 'settle':
        return this.#settle(id, head[2] === true, first)
      case 'locale':
        return localized(values)
      case 'get':
      case 'set':
        return this.#field(id, operation, first, others[0])
      case 'apply':
        return Reflect.apply(this.#given.recorded(this.#callable(id)), first, others)
      case 'construct':
        return Reflect.construct(this.#callable(id), others)
      default:
        throw raise('T2_CODE_VALUE', 'The changed code asked for something that there is not.')
    }
  }

  #callable(id: number): Callable {
    const target = this.#codec.known(id)
    if (!isUncounted(target)) this.#budget.countCall()
    if (id <= 0 || typeof target !== 'function') {
      throw raise('T2_CODE_VALUE', 'The changed code called something that it was not given.')
    }
    // It was given to the code as a function, and is called with what the code passed.
    return target as Callable
  }

  #field(id: number, operation: 'get' | 'set', key: unknown, value: unknown): unknown {
    const target = this.#codec.known(id)
    const isKey = typeof key === 'string' || typeof key === 'symbol'
    const field = id > 0 && isKey ? this.#codec.fieldOf(id, key) : 'omit'
    if (!isObject(target) || !isKey || field === 'omit') {
      throw raise('T2_CODE_VALUE', 'The changed code read something that it was not given.')
    }
    if (operation === 'get') return field === 'absent' ? undefined : Reflect.get(target, key)
    const isOpen = field === 'lazy' || (field === 'value' && this.#codec.mayChange(id))
    // A function stays what it is; what is not there would be set where a prototype says.
    if (typeof target === 'function' || !isOpen) {
      throw raise('T2_CODE_VALUE', 'The changed code changed something that is not its own.')
    }
    return Reflect.set(target, key, value)
  }
}

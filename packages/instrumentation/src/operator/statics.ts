import type { AnyFunction } from './operator.ts'
import { sourceText } from './source-text.ts'

/** A private member in use: `this.#count`, `#count in this`. */
const privateUse = /[.\s(!]#[\p{ID_Start}$_]/u

/**
 * The static members of a function, as its bundle has them. A method of a class that uses private members works on the
 * class itself only, for which the bundle is handed in as `this`.
 */
export class Statics {
  readonly #fn: AnyFunction
  #isClass: boolean | undefined
  readonly #methods = new WeakMap<AnyFunction, AnyFunction>()

  constructor(fn: AnyFunction) {
    this.#fn = fn
  }

  get(key: PropertyKey, bundle: AnyFunction): unknown {
    const fn = this.#fn
    const member: unknown = Reflect.get(fn, key)
    if (!isMethod(member) || key === 'prototype' || key === 'constructor') return member
    this.#isClass ??= /^class\b/.test(sourceText(fn))
    if (!this.#isClass || isFixed(fn, key)) return member
    let method = this.#methods.get(member)
    if (!method) {
      method = privateUse.test(Function.prototype.toString.call(member))
        ? onClass(member, fn, bundle)
        : member
      this.#methods.set(member, method)
    }
    return method
  }
}

function onClass(method: AnyFunction, fn: AnyFunction, bundle: AnyFunction): AnyFunction {
  return new Proxy(method, {
    apply: (_method, self: unknown, args: readonly unknown[]): unknown =>
      Reflect.apply(method, self === bundle ? fn : self, args),
  })
}

/** A proxy must show such a member as it is. */
function isFixed(fn: AnyFunction, key: PropertyKey): boolean {
  const own = Object.getOwnPropertyDescriptor(fn, key)
  return own !== undefined && !own.configurable && !own.writable
}

function isMethod(value: unknown): value is AnyFunction {
  return typeof value === 'function'
}

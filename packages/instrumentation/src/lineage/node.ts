import { type Origin, pointerToken } from '@trace2/core'
import { types } from '../runtime/types.ts'

const brand = Symbol.for('trace2.node')

/**
 * A value together with its origin. The method `.node(…)` of a bundle returns one. A node can be passed to a bundle in place
 * of its value; the graph then has an edge of the kind `exact`.
 */
export class Node<T> {
  /** A name for people. `undefined` if none was given. */
  readonly name: string | undefined
  /** The origin of the value: the span or parameter it came from. `undefined` for a value from outside. */
  readonly origin: Origin | undefined
  readonly [brand] = true
  readonly #value: T
  readonly #failure: { readonly error: unknown } | undefined

  /** Programs make nodes with `node` and with `.node(…)` of a bundle, which know the origin. */
  constructor(
    value: T,
    origin: Origin | undefined,
    name?: string,
    failure?: { readonly error: unknown },
  ) {
    this.#value = value
    this.origin = origin
    this.name = name
    this.#failure = failure
  }

  /** The plain value. If the call failed there is none, and reading this throws the error of the call. */
  get value(): T {
    if (this.#failure) throw this.#failure.error
    return this.#value
  }

  /** The error of a failed call of an operator with `catchErrors`; otherwise `undefined`. */
  get error(): unknown {
    return this.#failure?.error
  }

  /** Trace id of the span that produced the value, 32 hex digits, or `undefined`. */
  get traceId(): string | undefined {
    return this.origin?.kind === 'span' ? this.origin.traceId : undefined
  }

  /** Span id of the span that produced the value, 16 hex digits, or `undefined`. */
  get spanId(): string | undefined {
    return this.origin?.kind === 'span' ? this.origin.spanId : undefined
  }

  /**
   * Returns a node for a member of the value. Its origin is the same, with the path to the member.
   *
   * @example const title = page.at('items').at(0).at('title')
   */
  at<K extends keyof T>(key: K): Node<T[K]> {
    const { origin } = this
    const inner =
      origin && typeof key !== 'symbol'
        ? { ...origin, pointer: origin.pointer + pointerToken(key) }
        : undefined
    return new Node(this.value[key], inner, this.name)
  }

  /** The value as text. */
  toString(): string {
    return String(this.value)
  }

  /** The value, so that `JSON.stringify` writes it. */
  toJSON(): T {
    return this.value
  }
}

/** Tells whether a value is a node. Nodes of another copy of this package count too. */
export function isNode(value: unknown): value is Node<unknown> {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return false
  return isNodeObject(value)
}

/** As {@link isNode}, of an object that is known to be no proxy. */
export function isNodeObject(value: object): value is Node<unknown> {
  return Object.hasOwn(value, brand)
}

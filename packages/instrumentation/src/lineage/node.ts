import { type Origin, pointerToken } from '@trace2/core'
import { types } from '../runtime/types.ts'

const brand = Symbol.for('trace2.node')

/**
 * A value that knows where it came from: what `.node(…)` of a bundle returns. It may be passed to a bundle wherever
 * its value may be, and is then an exact edge of the graph.
 */
export class Node<T> {
  /** What the value is called, for people; `undefined` where nobody named it. */
  readonly name: string | undefined
  /** Where the value came from; `undefined` for a value from outside. */
  readonly origin: Origin | undefined
  readonly [brand] = true
  readonly #value: T
  readonly #failure: { readonly error: unknown } | undefined

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

  /** The value. A node of a call that failed has none: reading it throws what the call threw. */
  get value(): T {
    if (this.#failure) throw this.#failure.error
    return this.#value
  }

  /** What the call threw, where it failed and its operator catches errors (`catchErrors`). */
  get error(): unknown {
    return this.#failure?.error
  }

  /** Trace of the span that produced the value, or `undefined`. */
  get traceId(): string | undefined {
    return this.origin?.kind === 'span' ? this.origin.traceId : undefined
  }

  /** Span that produced the value, or `undefined`. */
  get spanId(): string | undefined {
    return this.origin?.kind === 'span' ? this.origin.spanId : undefined
  }

  /**
   * A part of the value that still knows where it came from.
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

  toString(): string {
    return String(this.value)
  }

  toJSON(): T {
    return this.value
  }
}

/** Whether a value is a node, also one made by another copy of this package. */
export function isNode(value: unknown): value is Node<unknown> {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return false
  return isNodeObject(value)
}

/** As {@link isNode}, of an object that is known to be no proxy. */
export function isNodeObject(value: object): value is Node<unknown> {
  return Object.hasOwn(value, brand)
}

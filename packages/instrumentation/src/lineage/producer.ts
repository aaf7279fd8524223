import type { Origin } from '@trace2/core'

/** The place of a span among the spans of its run: enough to tell what is inside what, and no more kept alive. */
export interface Scope {
  readonly traceId: string
  readonly spanId: string
  readonly parent: Scope | undefined
}

/** Something whose value others may use: a finished operator, or a parameter in use. */
export interface Producer {
  readonly origin: Origin
  /** `undefined` for a parameter. */
  readonly scope: Scope | undefined
  /** The value as text: a string as it is, anything else as JSON. */
  readonly text: string
  readonly isString: boolean
  /** Texts as which parts of the value were returned beside what they are in it: JSON that was taken apart. */
  readonly texts?: readonly { readonly text: string; readonly pointer: string }[] | undefined
  /** Producers inside this one whose results it returned unchanged. */
  readonly returned: readonly Producer[]
}

/** A producer's value or, with a JSON pointer, a part of it. */
export interface Part {
  readonly producer: Producer
  readonly pointer: string
}

export function originOf({ producer, pointer }: Part): Origin {
  const { origin } = producer
  return pointer === '' ? origin : { ...origin, pointer: origin.pointer + pointer }
}

/** Whether `scope` lies inside `outer`. */
export function isInside(scope: Scope | undefined, outer: Scope): boolean {
  for (let parent = scope?.parent; parent; parent = parent.parent) {
    if (parent === outer) return true
  }
  return false
}

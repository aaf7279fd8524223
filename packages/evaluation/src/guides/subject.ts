import type { Json } from '@trace2/core'
import { raise } from '../errors.ts'
import type { Subject } from './guide.ts'

/** Options that all guides on one value share. */
export interface Selection {
  /** JSON pointer to the part of the output that is judged, as `/answer/text`. Default: all of it. */
  readonly at?: string
}

/** The part of the output that a guide judges; `undefined` where the output has no such part. */
export function selected({ output }: Subject, { at }: Selection): Json | undefined {
  return at === undefined ? output : valueAt(output, at)
}

/** The same part of what the base gave; `undefined` where that has no such part. */
export function selectedOfBase(base: Json, { at }: Selection): Json | undefined {
  return at === undefined ? base : valueAt(base, at)
}

/**
 * What a value is compared with: the guide's own, or else the subject's reference. A reference for the whole output is
 * compared at the place that is judged; one without that place is for the place alone.
 */
export function expectedOf(
  { reference }: Subject,
  own: Json | undefined,
  guide: string,
  { at }: Selection,
): Json {
  const part = reference === undefined || at === undefined ? undefined : valueAt(reference, at)
  const expected = own ?? part ?? reference
  if (expected === undefined) {
    throw raise('T2_REFERENCE_MISSING', `The guide ${guide} needs a reference to compare with.`)
  }
  return expected
}

/** The value at a JSON pointer (RFC 6901); a string that is JSON text is looked into as well. */
function valueAt(value: Json, pointer: string): Json | undefined {
  let found: Json | undefined = value
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    const inside: Json | undefined = typeof found === 'string' ? parsed(found) : found
    if (typeof inside !== 'object' || inside === null || !Object.hasOwn(inside, key))
      return undefined
    found = Reflect.get(inside, key)
  }
  return found
}

/** The value of a JSON text; `undefined` where it is none. */
export function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

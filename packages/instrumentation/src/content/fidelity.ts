/**
 * How much of a value its text says.
 *
 * - `exact`: the text is the JSON of a value that is equal in all members.
 * - `incomplete`: as `exact`, but for members that are `undefined`.
 * - `described`: it has a form that JSON lacks (a date, a map, an instance of a class); two that have the same text are
 *   the same as far as their members tell.
 * - `opaque`: there is more to the value than its text says (a function, a proxy, a socket).
 */
export type Fidelity = 'exact' | 'incomplete' | 'described' | 'opaque'

const best: readonly Fidelity[] = ['opaque', 'described', 'incomplete']

/** The lesser of two. */
export function lesser(a: Fidelity, b: Fidelity): Fidelity {
  return best.find((fidelity) => a === fidelity || b === fidelity) ?? 'exact'
}

/** Whether JSON carries a number: it has no infinities, and its zero has no sign. */
export function isJsonNumber(value: number): boolean {
  return Number.isFinite(value) && !Object.is(value, -0)
}

/** A text survives being sent as UTF-8 where it has no lone surrogates. */
export function fidelityOfText(text: string): Fidelity {
  return text.isWellFormed() ? 'exact' : 'described'
}

/** Whether an array or a plain object has members that are not written: under symbols, or beside the items of a list. */
export function hidesMembers(object: object): boolean {
  if (Object.getOwnPropertySymbols(object).length > 0) return true
  if (!Array.isArray(object)) return false
  // What a regular expression found is a list with more to it. A long list is not listed once more.
  if (object.length > longestListed) return Object.hasOwn(object, 'index')
  return Object.keys(object).length > object.length
}

const longestListed = 256

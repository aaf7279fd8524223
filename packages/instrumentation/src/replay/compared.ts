import { requestRole } from '../answering/index.ts'

export type Inputs = readonly { readonly role: string; readonly key: string | null }[]

/**
 * The inputs by which calls are compared: all but those that are left out. Where a request is known as a whole, its messages
 * do not have to be.
 */
export function compared(inputs: Inputs, without: ReadonlySet<string>): Inputs {
  const counting = inputs.filter(({ role }) => !without.has(role))
  const request = counting.find(({ role, key }) => role === requestRole && key !== null)
  return request ? [request] : counting
}

/** Finds the first input that cannot be compared. Returns `undefined` if all inputs can be. */
export function incomparable(inputs: Inputs, without: ReadonlySet<string>): string | undefined {
  return compared(inputs, without).find(({ key }) => key === null)?.role
}

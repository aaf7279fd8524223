import { descriptorOf } from '../inspection/members.ts'
import { types } from '../runtime/types.ts'

/**
 * What `next` gives: what the protocol of iterators says, or the items themselves, as cursors of databases do, and null or
 * undefined when there are no more.
 */
export type Form = 'steps' | 'items'

export interface IteratorStep {
  readonly done: boolean
  readonly value: unknown
}

/** Which form the first result has; `undefined` for one that cannot be read without running code of the program. */
export function formOf(result: unknown): Form | undefined {
  if (typeof result !== 'object' || result === null) return 'items'
  if (types.isProxy(result)) return undefined
  const done = descriptorOf(result, 'done')
  const value = descriptorOf(result, 'value')
  if (!done && !value) return 'items'
  if (done?.get || value?.get) return undefined
  // An item may have a member of either name.
  const isMore = Reflect.ownKeys(result).some((key) => key !== 'done' && key !== 'value')
  return isMore && !(value && typeof done?.value === 'boolean') ? 'items' : 'steps'
}

/** What a result says in its form; `undefined` for one that cannot be read. */
export function readStep(form: Form, result: unknown): IteratorStep | undefined {
  if (form === 'items') return { done: result === null || result === undefined, value: result }
  if (typeof result !== 'object' || result === null || types.isProxy(result)) return undefined
  const done = descriptorOf(result, 'done')
  const value = descriptorOf(result, 'value')
  if (done?.get) return undefined
  if (done?.value) return { done: true, value: undefined }
  return value?.get ? undefined : { done: false, value: value?.value }
}

/** Whether a last step has a value beside the items: what a generator returns. */
export function returnsValue(result: unknown): boolean {
  if (typeof result !== 'object' || result === null || types.isProxy(result)) return false
  const value = descriptorOf(result, 'value')
  return value !== undefined && (value.get !== undefined || value.value !== undefined)
}

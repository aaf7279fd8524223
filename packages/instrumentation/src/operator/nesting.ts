import { shared } from '@trace2/core'

/**
 * How deep operators are inside one another on the stack. Each recorded call takes ten times the stack of a plain one, so
 * that a recursive function would overflow where it did not before: past 128 levels calls are made without being recorded.
 */
const mostRecorded = 128

const state = shared('nesting', () => ({ depth: 0, omitted: 0 }))

export function isTooDeep(): boolean {
  return state.depth >= mostRecorded
}

/** Notes a call that is not recorded because it is too deep. */
export function noteOmitted(): void {
  state.omitted++
}

/** A call goes one level deeper; returns what {@link leave} needs. */
export function enter(): number {
  state.depth++
  return state.omitted
}

/** The call of {@link enter} is back; returns how many calls inside the deepest recorded one were not recorded. */
export function leave(before: number): number {
  state.depth--
  return state.depth === mostRecorded - 1 ? state.omitted - before : 0
}

/**
 * How deep operators are inside one another on the stack. Each recorded call takes ten times the stack of a plain one, so
 * that a recursive function would overflow where it did not before: past 128 levels calls are made without being recorded.
 */
const mostRecorded = 128

let depth = 0
let omitted = 0

export function isTooDeep(): boolean {
  return depth >= mostRecorded
}

/** Notes a call that is not recorded because it is too deep. */
export function noteOmitted(): void {
  omitted++
}

/** A call goes one level deeper; returns what {@link leave} needs. */
export function enter(): number {
  depth++
  return omitted
}

/** The call of {@link enter} is back; returns how many calls inside the deepest recorded one were not recorded. */
export function leave(before: number): number {
  depth--
  return depth === mostRecorded - 1 ? omitted - before : 0
}

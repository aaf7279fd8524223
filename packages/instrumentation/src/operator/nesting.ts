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

/** Calls `fn` one level deeper; tells `onOmitted` how many calls inside were too deep to be recorded. */
export function nested<T>(fn: () => T, onOmitted?: (count: number) => void): T {
  const before = omitted
  depth++
  try {
    return fn()
  } finally {
    depth--
    if (depth === mostRecorded - 1 && omitted > before) onOmitted?.(omitted - before)
  }
}

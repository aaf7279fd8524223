/**
 * Whether equality with another value says that it is the same value: a string of five characters or more, a
 * finite number with four significant digits or more, or a structure with two leaves or more. `true`, `0`, `""`
 * and the like are equal by chance.
 */
export function isDistinctive(value: unknown): boolean {
  if (typeof value === 'string') {
    return value.length >= 5 && value !== 'false' && value !== 'undefined'
  }
  if (typeof value === 'number') return hasFourDigits(value)
  return leaves(value, 2) >= 2
}

function hasFourDigits(value: number): boolean {
  if (!Number.isFinite(value) || (Number.isInteger(value) && Math.abs(value) < 1000)) return false
  const [mantissa = ''] = Math.abs(value).toExponential().split('e')
  return mantissa.replace('.', '').length >= 4
}

/** Number of leaves, counted no further than `enough`. */
function leaves(value: unknown, enough: number): number {
  if (typeof value !== 'object' || value === null) return 1
  let count = 0
  for (const member of Object.values(value)) {
    count += leaves(member, enough - count)
    if (count >= enough) break
  }
  return count
}

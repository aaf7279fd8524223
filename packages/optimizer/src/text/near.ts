/** Changes of one character that a slip of the pen may be made of, by the length of what was meant. */
function mostSlips(length: number): number {
  if (length < 3) return 0
  return length < 5 ? 1 : length < 9 ? 2 : 3
}

/** Longer texts are no names. */
const longestName = 60

/**
 * The name that was probably meant: the nearest one, where no more than a few characters are missing, too many, other or
 * in another order. Case and what stands between words do not count.
 *
 * @example nearest('response-quailty', ['response_quality', 'csat']) // 'response_quality'
 */
export function nearest(given: string, names: Iterable<string>): string | undefined {
  if (given.length > longestName) return undefined
  const wanted = letters(given)
  let best: { readonly name: string; readonly slips: number } | undefined
  for (const name of names) {
    if (name.length > longestName) continue
    const meant = letters(name)
    const slips = slipsBetween(wanted, meant)
    if (meant === '' || slips > mostSlips(meant.length)) continue
    if (!best || slips < best.slips) best = { name, slips }
  }
  return best?.name
}

function letters(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
}

/** Characters to add, drop, change or swap with their neighbour (optimal string alignment). */
function slipsBetween(a: string, b: string): number {
  let before: readonly number[] = []
  let above = Array.from({ length: b.length + 1 }, (_none, at) => at)
  for (let row = 1; row <= a.length; row++) {
    const line = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1]
      const cost = (cells: readonly number[], at: number, more: number) =>
        (cells[at] ?? Number.POSITIVE_INFINITY) + more
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      line.push(
        Math.min(
          cost(above, column, 1),
          cost(line, column - 1, 1),
          cost(above, column - 1, same ? 0 : 1),
          swapped && row > 1 && column > 1 ? cost(before, column - 2, 1) : Number.POSITIVE_INFINITY,
        ),
      )
    }
    before = above
    above = line
  }
  return above[b.length] ?? 0
}

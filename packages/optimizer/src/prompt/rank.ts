/**
 * What matters more in a prompt comes in an earlier band. In a band, earlier items (runs, lines) come first, and
 * within an item the lower minor. The way from parameter to feedback is in the first three, the blanket after it.
 */
export const band = { lead: 1, run: 2, others: 3, blanket: 4, detail: 5 } as const

export function rankOf(which: number, item: number, minor = 0): number {
  return which * 1e12 + item * 1e4 + Math.min(minor, 9999)
}

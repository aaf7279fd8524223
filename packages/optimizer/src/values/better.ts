/** Whether a score is a reason to replace what earned the other one; a score that is no number is none. */
export function isBetter(score: number, than: number): boolean {
  return score > (Number.isNaN(than) ? Number.NEGATIVE_INFINITY : than)
}

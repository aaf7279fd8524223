/** Values are walked by recursion, which such a depth does not exhaust; nobody writes an input that is deeper. */
const deepest = 500

/** Whether JSON text has more lists and objects inside one another than a case may have. */
export function isTooDeep(json: string): boolean {
  let depth = 0
  // Strings are matched whole, so that brackets in them do not count.
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[[{\]}]/gs)) {
    if (token === '[' || token === '{') depth++
    else if (token === ']' || token === '}') depth--
    if (depth > deepest) return true
  }
  return false
}

const quotePattern =
  /"([^"\n]+)"|“([^”\n]+)”|«([^»\n]+)»|`([^`\n]+)`|(?<![\p{L}\p{N}])'([^'\n]+)'(?!\p{L})/gu

/** What stands in quotation marks, in order. */
export function quoted(text: string): string[] {
  return Array.from(text.matchAll(quotePattern), ([, ...groups]) => groups.find(Boolean) ?? '')
}

/** The text with each quotation replaced by as many filler characters, so that patterns can look around them. */
export function maskQuotes(text: string): string {
  return text.replace(quotePattern, (quotation) => '_'.repeat(quotation.length))
}

/** Splits a text into statements: lines without their bullets, then sentences, never inside a quotation. */
export function statements(text: string): string[] {
  const found: string[] = []
  for (const line of text.split('\n')) {
    const body = line.replace(/^\s*(?:[-*•]|\d+[.)])\s+/, '').trim()
    const masked = maskQuotes(body)
    let start = 0
    for (const end of masked.matchAll(/[.!?](?=\s|$)/g)) {
      found.push(body.slice(start, end.index + 1).trim())
      start = end.index + 1
    }
    found.push(body.slice(start).trim())
  }
  return found.filter((statement) => statement !== '')
}

/**
 * Matches a pattern (with the `d` flag) against a text whose quotations are masked, and returns what the groups
 * cover in the text itself; `undefined` where it does not match.
 */
export function matchAroundQuotes(pattern: RegExp, text: string): string[] | undefined {
  const indices = pattern.exec(maskQuotes(text))?.indices
  return indices?.slice(1).map((range) => (range ? text.slice(...range) : ''))
}

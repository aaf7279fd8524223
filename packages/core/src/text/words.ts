const word = /[\p{L}\p{N}]{3,}/gu
const usual = new Set(
  'the and for that this with not was are but from has have had its should would could been were will can you your which they them then than there what when into'.split(
    ' ',
  ),
)

/** The words of a text in lower case, without those that say little. */
export function words(text: string): string[] {
  return (text.toLowerCase().match(word) ?? []).filter((each) => !usual.has(each))
}

/** Those of the terms (as `words` gives them) that a text has. */
export function mentioned(text: string, terms: ReadonlyMap<string, unknown>): ReadonlySet<string> {
  let found = none
  for (const each of text.toLowerCase().match(word) ?? []) {
    if (!terms.has(each)) continue
    if (found === none) found = new Set()
    found.add(each)
  }
  return found
}

/** Most texts mention nothing; they share this. */
const none = new Set<string>()

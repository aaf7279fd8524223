/** Words that say nothing about a text's subject. */
const stopWords: ReadonlySet<string> = new Set(
  (
    'a about after all also am an and any are as at be because been before but by can could did do does done for ' +
    'from get got had has have he her here him his how i if in into is it its just me more my no not now of on one ' +
    'only or other our out over please she so some still than that the their them then there these they this those ' +
    'to too up us very was we were what when where which who why will with would yes you your'
  ).split(' '),
)

/** Lower-case words (letters, digits, inner apostrophes) in order. */
export function words(text: string): string[] {
  return (
    text
      .toLowerCase()
      .replaceAll('’', "'")
      .match(/[\p{L}\p{N}]+(?:'[\p{L}]+)*/gu) ?? []
  )
}

/** Words that carry a subject, stemmed, each once. */
export function subjectWords(text: string): Set<string> {
  return new Set(
    words(text)
      .filter((word) => !stopWords.has(word))
      .map(stem),
  )
}

/**
 * Cuts the commonest English endings, so that `charged`, `charges` and `charge` meet: the first steps of the idea
 * in M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980.
 */
export function stem(word: string): string {
  const base = word.replace(/'s?$/, '')
  if (base.length < 4 || /\d/.test(base)) return base
  return base
    .replace(/(?:ies|ied)$/, 'y')
    .replace(/(?<=[a-z]{3})(?:ing|ed|es|s)$/, '')
    .replace(/([bdgkmnprt])\1$/, '$1')
    .replace(/(?<=[a-z]{3})e$/, '')
}

/**
 * Whether a text mentions a phrase: its words, stemmed, in order, with at most two other words between one and the
 * next ("charged me twice" mentions "charged twice").
 */
export function mentions(text: string, phrase: string): boolean {
  const wanted = words(phrase).map(stem)
  if (wanted.length === 0) return false
  const present = words(text).map(stem)
  return present.some((word, start) => word === wanted[0] && follows(present, start, wanted))
}

function follows(present: readonly string[], start: number, wanted: readonly string[]): boolean {
  let position = start
  for (const word of wanted.slice(1)) {
    const next = present.indexOf(word, position + 1)
    if (next < 0 || next - position > 3) return false
    position = next
  }
  return true
}

/** How many of the second set's members are in the first. */
export function overlap(first: ReadonlySet<string>, second: ReadonlySet<string>): number {
  let count = 0
  for (const word of second) if (first.has(word)) count++
  return count
}

import { mentioned, words } from '@trace2/core'

/** Words that a reader of feedback would look for, with their weight. */
export type Terms = ReadonlyMap<string, number>

/** Terms of texts, the more important first: a word of a later text counts a quarter of the one before. */
export function termsOf(texts: readonly string[]): Terms {
  const terms = new Map<string, number>()
  for (const [at, text] of texts.entries()) {
    for (const each of words(text)) if (!terms.has(each)) terms.set(each, 0.25 ** at)
  }
  return terms
}

/**
 * Weighs terms by how rare they are: a term that many parts of the texts have weighs less. The result also has the
 * largest weight of terms in one part of each text. It finds the sentence that matters among many that share a word or
 * two.
 */
export function weighed(
  terms: Terms,
  texts: readonly string[],
): { readonly terms: Terms; readonly relevance: readonly number[] } {
  if (terms.size === 0) return { terms, relevance: texts.map(() => 0) }
  const found = texts.map((text) => segmentsOf(text).map((segment) => mentioned(segment, terms)))
  const frequency = new Map<string, number>()
  for (const segments of found) {
    for (const segment of segments) {
      for (const term of segment) frequency.set(term, (frequency.get(term) ?? 0) + 1)
    }
  }
  const own = new Map(
    [...terms].map(([term, weight]) => [term, weight / Math.sqrt(frequency.get(term) ?? 1)]),
  )
  const score = (segment: ReadonlySet<string>) => {
    let sum = 0
    for (const term of segment) sum += own.get(term) ?? 0
    return sum
  }
  return {
    terms: own,
    relevance: found.map((segments) =>
      segments.reduce((most, segment) => Math.max(most, score(segment)), 0),
    ),
  }
}

const segmentLength = 240

/**
 * Returns the most important part of a text, at most about `limit` characters long. Sentences that mention the terms
 * come first (rare words count more), then the beginning, the end and the rest. Gaps are shown as `[…]`. A larger limit
 * keeps everything that a smaller one kept.
 */
export function excerpt(text: string, limit: number, terms: Terms): string {
  return excerpts(text, terms)(limit)
}

/** {@link excerpt} for several limits: the text is read once. */
export function excerpts(text: string, terms: Terms): (limit: number) => string {
  let order: readonly Segment[] | undefined
  return (limit) => {
    if (text.length <= limit) return text
    order ??= byImportance(text, terms)
    return joined(order, limit)
  }
}

interface Segment {
  readonly segment: string
  readonly at: number
}

function byImportance(text: string, terms: Terms): readonly Segment[] {
  const segments = segmentsOf(text)
  const frequency = new Map<string, number>()
  const found = segments.map((segment) => mentioned(segment, terms))
  for (const each of found) {
    for (const term of each) frequency.set(term, (frequency.get(term) ?? 0) + 1)
  }
  return segments
    .map((segment, at) => {
      let score = 0
      for (const term of found[at] ?? []) {
        score += (terms.get(term) ?? 0) / (frequency.get(term) ?? 1)
      }
      return { segment, at, score }
    })
    .sort(
      (a, b) =>
        b.score - a.score ||
        Number(b.at === 0) - Number(a.at === 0) ||
        Number(b.at === segments.length - 1) - Number(a.at === segments.length - 1) ||
        a.at - b.at,
    )
}

/** As many of the segments as the limit allows (one at least), in the order of the text. */
function joined(order: readonly Segment[], limit: number): string {
  const kept: Segment[] = []
  let length = 0
  for (const each of order) {
    length += each.segment.length
    if (length > limit && kept.length > 0) break
    kept.push(each)
  }
  kept.sort((a, b) => a.at - b.at)
  let shown = ''
  let next = 0
  for (const { segment, at } of kept) {
    if (at !== next) shown += '[…] '
    shown += segment
    next = at + 1
  }
  return next < order.length ? `${shown}[…]` : shown
}

/** Sentences and lines, long ones cut; joined they are the text. */
function segmentsOf(text: string): string[] {
  const segments: string[] = []
  let from = 0
  for (const { index, 0: end } of text.matchAll(/[.!?]\s|\n/g)) {
    cut(text, from, index + end.length, segments)
    from = index + end.length
  }
  cut(text, from, text.length, segments)
  return segments
}

function cut(text: string, from: number, to: number, segments: string[]): void {
  for (let at = from; at < to; ) {
    let end = Math.min(at + segmentLength, to)
    // A surrogate pair stays together.
    if (end < to && /[\uD800-\uDBFF]/.test(text[end - 1] ?? '')) end++
    segments.push(text.slice(at, end))
    at = end
  }
}

import { mentions, subjectWords, words } from '../words.ts'
import type { RequestedChange } from './requested-change.ts'

/** An input whose right answer is known, from feedback or because the run was praised. */
export interface Labelled {
  readonly input: string
  readonly label: string
}

/** Terms for a rule `If … mentions …, answer "label"`, by label. */
export type Rules = ReadonlyMap<string, readonly string[]>

/** Terms that a rule may have, so that a prompt stays readable. */
const maxTerms = 14

/**
 * Finds the terms that tell an answer apart: the reviewers' own quoted grounds first; where a wrong run is not
 * covered by these, the word of its input that speaks best for its answer. A term that other known inputs
 * contradict more often than they confirm it is left out.
 */
export function findRules(changes: readonly RequestedChange[], known: readonly Labelled[]): Rules {
  const rules = new Map<string, string[]>()
  for (const { expected, cues, input } of changes) {
    if (expected === undefined) continue
    const terms = rules.get(expected) ?? []
    rules.set(expected, terms)
    const add = (candidates: readonly string[]) => {
      for (const term of candidates) {
        const fresh = !terms.some((present) => mentions(term, present))
        if (fresh && terms.length < maxTerms && agreement(term, expected, known) > 0)
          terms.push(term)
      }
    }
    add(cues.map((cue) => cue.toLowerCase()))
    const covered = terms.some((term) => mentions(input, term))
    if (!covered) add(bestWord(input, expected, known))
  }
  return rules
}

/** Known inputs that mention the term and have the label, minus twice those that have another. */
function agreement(term: string, label: string, known: readonly Labelled[]): number {
  const mentioning = known.filter(({ input }) => mentions(input, term))
  const right = mentioning.filter((example) => same(example.label, label)).length
  return right - 2 * (mentioning.length - right)
}

function bestWord(input: string, label: string, known: readonly Labelled[]): string[] {
  const subjects = subjectWords(input)
  const candidates = [...new Set(words(input))].filter(
    (word) =>
      word.length > 3 && !/\d/.test(word) && subjectWords(word).size > 0 && subjects.size > 0,
  )
  let best: string | undefined
  let most = 0
  for (const word of candidates) {
    const score = agreement(word, label, known) + word.length / 100
    if (score > most) {
      most = score
      best = word
    }
  }
  return best === undefined ? [] : [best]
}

function same(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase()
}

import { groupBy } from '@trace2/core'
import type { Tokenizer } from '@trace2/evaluation/prompt'
import { raise } from '../errors.ts'

/**
 * Something that a prompt may show, at its place in a section. `steps` are its forms from the shortest to the
 * longest, each with a rank: what matters more has the lower number. Text ends in a line break and starts with a
 * visible character, so that the tokens of a whole are the sum of its parts'.
 */
export interface Piece {
  readonly section: string
  /** Order within the section. */
  readonly place: readonly number[]
  readonly steps: readonly Step[]
  /** Ids of the runs that it is about, and of the feedback that it shows. */
  readonly about?: About
}

export interface About {
  readonly runs: readonly string[]
  readonly feedback: readonly string[]
}

export interface Step {
  readonly rank: number
  /** Called only if the budget reaches this step. */
  readonly text: () => string
}

/** Rank of what a prompt is useless without. */
export const REQUIRED = 0

export interface Assembled {
  readonly text: string
  readonly tokens: number
  /** Pieces that are shown, in any form. */
  readonly shown: readonly Piece[]
  /** Pieces that are not shown at all. */
  readonly omitted: readonly Piece[]
  /** Pieces that are shown in a shorter form than their longest. */
  readonly shortened: readonly Piece[]
}

/**
 * Takes steps in the order of their rank until the next would pass the budget, and puts what was taken in the order
 * of sections and places. Taking a prefix, without looking for smaller pieces that would still fit, is what makes a
 * larger budget keep all that a smaller one kept. `overhead` tokens of the budget are spent elsewhere.
 *
 * @throws `T2_PROMPT_BUDGET` if the required pieces alone are too long.
 */
export function assemble(
  sections: readonly string[],
  pieces: readonly Piece[],
  maxTokens: number,
  tokenizer: Tokenizer,
  overhead = 0,
): Assembled {
  const steps = pieces.flatMap((piece, at) => piece.steps.map((step, form) => ({ at, form, step })))
  steps.sort((a, b) => a.step.rank - b.step.rank || a.at - b.at || a.form - b.form)
  const taken = new Map<number, { text: string; tokens: number; form: number }>()
  let tokens = sections.reduce(
    (sum, section) => sum + tokenizer.count(headingOf(section)),
    overhead,
  )
  for (const { at, form, step } of steps) {
    const before = taken.get(at)
    const text = step.text()
    const size = before?.text === text ? before.tokens : tokenizer.count(text)
    const after = tokens - (before?.tokens ?? 0) + size
    if (after > maxTokens) {
      if (step.rank > REQUIRED) break
      throw raise(
        'T2_PROMPT_BUDGET',
        `The variables and the instruction alone need more than ${maxTokens} tokens (${after} so far).`,
      )
    }
    taken.set(at, { text, tokens: size, form })
    tokens = after
  }
  const bySection = groupBy(
    pieces
      .flatMap((piece, at) => {
        const text = taken.get(at)?.text
        return text === undefined ? [] : [{ piece, at, text }]
      })
      .sort((a, b) => comparePlaces(a.piece.place, b.piece.place) || a.at - b.at),
    ({ piece }) => piece.section,
  )
  const text = sections
    .map((section) => {
      const texts = bySection.get(section)?.map((each) => each.text) ?? []
      return headingOf(section) + texts.join('')
    })
    .join('')
  return {
    text,
    tokens,
    shown: pieces.filter((_piece, at) => taken.has(at)),
    omitted: pieces.filter((_piece, at) => !taken.has(at)),
    shortened: pieces.filter((piece, at) => {
      const form = taken.get(at)?.form
      return form !== undefined && form < piece.steps.length - 1
    }),
  }
}

const headingOf = (section: string) => `# ${section}\n`

function comparePlaces(a: readonly number[], b: readonly number[]): number {
  for (const [at, place] of a.entries()) {
    const difference = place - (b[at] ?? -1)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

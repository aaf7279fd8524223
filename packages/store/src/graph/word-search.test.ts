import fc from 'fast-check'
import { expect, it } from 'vitest'
import { WordSearch } from './word-search.ts'

// Few letters, so that words are contained in texts and their beginnings in one another.
const text = (maxLength: number) =>
  fc.string({ unit: fc.constantFrom('a', 'b', ' ', '字', '𝐀', '😀', '\n'), maxLength })

const letter = /[ab𝐀]/u
const isWhole = (word: string, said: string) => {
  const before = letter.test([...word].at(0) ?? '') ? '(?<![ab𝐀])' : ''
  const after = letter.test([...word].at(-1) ?? '') ? '(?![ab𝐀])' : ''
  return new RegExp(`${before}${word}${after}`, 'u').test(said)
}

it('finds the words that a text contains as whole words, and no other', () => {
  fc.assert(
    fc.property(fc.array(text(14)), fc.array(text(40)), (words, texts) => {
      const search = new WordSearch<number>()
      for (const [index, word] of words.entries()) search.add(word, index)
      for (const said of texts) {
        const contained = [...words.keys()].filter((index) => isWhole(words[index] ?? '', said))
        expect([...search.in(said)].sort((a, b) => a - b)).toEqual(contained)
      }
    }),
    { numRuns: 300 },
  )
})

it('finds long words wherever they stand', () => {
  const search = new WordSearch<string>()
  for (const word of ['call_1', 'long '.repeat(13)]) search.add(word, word)
  expect(search.in(`call_10 ${'long '.repeat(13)}`)).toEqual(new Set(['long '.repeat(13)]))
  expect(search.in(`pro${'long '.repeat(13)}: "call_1"`).size).toBe(2)
})

it('takes one pass over a text for any number of words', () => {
  const search = new WordSearch<number>()
  for (let word = 0; word < 20_000; word++) search.add(`${word} words that nobody says`, word)
  search.add('the needle in it', -1)
  const hay = ' a straw, and another straw,'.repeat(40_000)
  expect(search.in(`${hay} the needle in it${hay}`)).toEqual(new Set([-1]))
})

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { WordSearch } from './word-search.ts'

// Few letters, so that words are contained in texts and their beginnings in one another.
const text = (maxLength: number) =>
  fc.string({ unit: fc.constantFrom('a', 'b', '😀', '\n'), maxLength })

it('finds the words that a text contains, and no other', () => {
  fc.assert(
    fc.property(fc.array(text(14)), fc.array(text(40)), (words, texts) => {
      const search = new WordSearch<number>()
      for (const [index, word] of words.entries()) search.add(word, index)
      for (const said of texts) {
        const contained = [...words.keys()].filter((index) => said.includes(words[index] ?? ''))
        expect([...search.in(said)].sort((a, b) => a - b)).toEqual(contained)
      }
    }),
    { numRuns: 300 },
  )
})

it('takes one pass over a text for any number of words', () => {
  const search = new WordSearch<number>()
  for (let word = 0; word < 20_000; word++) search.add(`${word} words that nobody says`, word)
  search.add('the needle in it', -1)
  const hay = 'a straw, and another straw, '.repeat(40_000)
  expect(search.in(`${hay}the needle in it${hay}`)).toEqual(new Set([-1]))
})

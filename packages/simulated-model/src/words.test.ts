import { expect, test } from 'vitest'
import { mentions, stem, subjectWords } from './words.ts'

test('inflected forms meet in one stem', () => {
  expect(['charge', 'charges', 'charged', 'charging'].map(stem)).toEqual(Array(4).fill('charg'))
  expect(stem('replies')).toBe(stem('reply'))
  expect(stem('stopped')).toBe(stem('stop'))
})

test('a phrase is mentioned in order, with little between its words', () => {
  expect(mentions('You CHARGED me twice!', 'charged twice')).toBe(true)
  expect(mentions('Twice I was charged.', 'charged twice')).toBe(false)
  expect(mentions('charged for this and that and then twice', 'charged twice')).toBe(false)
  expect(mentions('anything', '"!"')).toBe(false)
})

test('subject words leave out what says nothing', () => {
  expect([...subjectWords('What is the price of it?')]).toEqual([stem('price')])
})

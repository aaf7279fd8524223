import { expect, test } from 'vitest'
import { parseInstructions } from './parse.ts'

test.each([
  [
    'one of: a list, with or',
    'Answer with one of: refund, billing or other.',
    ['refund', 'billing', 'other'],
  ],
  ['quoted choices', 'Reply with one of "Yes", "No".', ['Yes', 'No']],
  [
    'alternatives with bars',
    'Classify the text as one of positive|negative.',
    ['positive', 'negative'],
  ],
])('reads allowed answers: %s', (_, prompt, choices) => {
  expect(parseInstructions(prompt)).toContainEqual({ kind: 'choices', choices })
})

test.each([
  'If the ticket mentions "money back" or "refund", answer "refund".',
  '- If it says "money back" or "refund", then classify it as "refund".',
  'Answer "refund" if the ticket mentions "money back" or "refund".',
  'When the customer asks for money back or a refund, answer refund.',
])('reads a conditional answer: %s', (prompt) => {
  expect(parseInstructions(prompt)).toEqual([
    {
      kind: 'when',
      condition: { terms: ['money back', 'refund'], all: false, negated: false },
      demand: { kind: 'answer', text: 'refund' },
    },
  ])
})

test('reads conditions that need all terms, and negated ones', () => {
  expect(parseInstructions('If it mentions "late" and "parcel", answer "shipping".')).toMatchObject(
    [{ condition: { terms: ['late', 'parcel'], all: true } }],
  )
  expect(parseInstructions('If it does not mention "order", answer "other".')).toMatchObject([
    { condition: { terms: ['order'], negated: true } },
  ])
})

test.each([
  ['Otherwise, answer "other".', { kind: 'otherwise', demand: { kind: 'answer', text: 'other' } }],
  ['Always start with "Hello".', { kind: 'start', text: 'Hello' }],
  ['Sign off with "The Team".', { kind: 'end', text: 'The Team' }],
  ['Never say "as soon as possible".', { kind: 'avoid', text: 'as soon as possible' }],
  ['Use at most 40 words.', { kind: 'limit', count: 40, unit: 'words' }],
  ['Answer in no more than two sentences.', { kind: 'limit', count: 2, unit: 'sentences' }],
  ['Include the order number.', { kind: 'field', name: 'order number' }],
  ['Address the customer by name.', { kind: 'greet', name: 'customer by name' }],
  ['Be concise.', { kind: 'style', style: 'concise' }],
  [
    'refund: the customer wants money back',
    { kind: 'hint', label: 'refund', text: 'the customer wants money back' },
  ],
  ['Answer as JSON with the keys "label" and "reply".', { kind: 'keys', keys: ['label', 'reply'] }],
  ['Call the tool "lookup".', { kind: 'tool', name: 'lookup' }],
])('reads: %s', (prompt, instruction) => {
  expect(parseInstructions(prompt)).toEqual([instruction])
})

test('a statement may ask for two things', () => {
  expect(parseInstructions('Greet the customer by name and include the order number.')).toEqual([
    { kind: 'greet', name: 'customer by name' },
    { kind: 'field', name: 'order number' },
  ])
})

test('plain prose is no instruction', () => {
  expect(parseInstructions('My parcel is late. I am not amused!')).toEqual([])
})

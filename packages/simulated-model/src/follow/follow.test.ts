import { expect, test } from 'vitest'
import { follow, readTask } from './follow.ts'

function answer(prompt: string, text: string, seed = 1): string {
  const messages = [
    { role: 'system', content: prompt },
    { role: 'user', content: text },
  ] as const
  return follow(readTask(messages, seed), 'text')
}

const choices = 'Classify the ticket with one of: refund, shipping, other.'

test('an explicit rule decides', () => {
  const prompt = `${choices}\n- If the ticket mentions "where is" or "parcel", answer "shipping".`
  expect(answer(prompt, 'Where is my refund parcel?')).toBe('shipping')
})

test('of several rules the one with more terms in the text decides', () => {
  const prompt = `${choices}
- If the ticket mentions "parcel", answer "shipping".
- If the ticket mentions "money" or "back", answer "refund".`
  expect(answer(prompt, 'The parcel came broken, I want my money back.')).toBe('refund')
})

test('an answer outside the allowed ones is never given', () => {
  const prompt = `${choices}\nIf the ticket mentions "parcel", answer "logistics".`
  expect(['refund', 'shipping', 'other']).toContain(answer(prompt, 'my parcel'))
})

test('otherwise applies where no rule does', () => {
  const prompt = `${choices}\nIf it mentions "parcel", answer "shipping".\nOtherwise answer "other".`
  expect(answer(prompt, 'Do you sell lamps?')).toBe('other')
})

test('an unconditional answer holds where no rule does, and prose that only sounds like one does not', () => {
  expect(answer(`${choices} Always answer "other".`, 'my shipping')).toBe('other')
  expect(answer('Reply with care.', 'my shipping')).not.toBe('care')
})

test('without a rule it guesses: better than chance with a word in common, and wrong now and then', () => {
  const texts = Array.from({ length: 200 }, (_, i) => `Ticket ${i}: a question about shipping`)
  const right = texts.filter((text) => answer(choices, text) === 'shipping').length
  expect(right).toBeGreaterThan(120)
  expect(right).toBeLessThan(190)
})

test('the same request and seed give the same answer, another seed may not', () => {
  const answers = (seed: number) =>
    Array.from({ length: 30 }, (_, i) => answer(choices, `no clue ${i}`, seed)).join()
  expect(answers(1)).toBe(answers(1))
  expect(answers(1)).not.toBe(answers(2))
})

const letter = 'Order number: A-17\nCustomer: Ada\n\nWhere is my lamp?'

test('an uninstructed text is vague: long, without the order, and greets only now and then by name', () => {
  const texts = Array.from({ length: 40 }, (_, i) => answer('Write a reply.', `${letter} ${i}`))
  for (const text of texts) {
    expect(text).not.toContain('A-17')
    expect(text.split(' ').length).toBeGreaterThan(40)
  }
  const greeting = texts.filter((text) => text.startsWith('Dear Ada')).length
  expect(greeting).toBeGreaterThan(5)
  expect(greeting).toBeLessThan(35)
})

test('a text does what it is told', () => {
  const text = answer(
    `Write a reply. Address the customer by name. Include the order number.
Never say "as soon as possible". End with "The Lamp Shop". Use at most 30 words.`,
    letter,
  )
  expect(text).toMatch(/^Dear Ada, /)
  expect(text).toContain('Order number: A-17.')
  expect(text).not.toContain('as soon as possible')
  expect(text).toMatch(/The Lamp Shop$/)
  expect(text.split(' ').length).toBeLessThanOrEqual(30)
})

test('a user message cannot instruct where a system message does', () => {
  expect(
    answer(
      `${choices} If it mentions "lamp", answer "other".`,
      'If it mentions "lamp", answer "refund".',
    ),
  ).toBe('other')
})

test('without a system message the user message instructs', () => {
  const messages = [
    { role: 'user', content: 'Answer "yes" if the text mentions "rain".\n\nIt rained all day.' },
  ] as const
  expect(follow(readTask(messages, 0), 'text')).toBe('yes')
})

test('an answer by schema holds the same decision', () => {
  const messages = [
    { role: 'system', content: 'If the ticket mentions "parcel", answer "shipping".' },
    { role: 'user', content: 'amount: 12.5\nMy parcel is late.' },
  ] as const
  const schema = {
    type: 'object',
    properties: {
      category: { enum: ['refund', 'shipping'] },
      amount: { type: 'number', minimum: 0, maximum: 100 },
      urgent: { type: 'boolean' },
    },
  }
  expect(JSON.parse(follow(readTask(messages, 0), { schema }))).toMatchObject({
    category: 'shipping',
    amount: 12.5,
    urgent: expect.any(Boolean),
  })
})

import { expect, test } from 'vitest'
import { trainTickets } from '../tickets/train.ts'
import { review } from './guide.ts'
import { referenceOf, triageGuides } from './guides.ts'

const tools = {
  llm: () => {
    throw new Error('No guide of the demo asks a model.')
  },
}

test('guides score the output of a trial as the reviewers score a run', async () => {
  const output = { category: 'account', decision: 'answer', reply: 'Hello there' } as const
  for (const expected of trainTickets) {
    const input = { ticket: { ...expected.ticket } }
    const subject = { output, input, reference: referenceOf(expected) }
    const given = await Promise.all(triageGuides.map((guide) => guide.judge(subject, tools)))
    const reviews = review(output, expected)
    expect(given.map(({ score }) => score)).toEqual(reviews.map(({ score }) => score))
    expect(given.map(({ comment }) => comment)).toEqual(reviews.map(({ comment }) => comment ?? ''))
  }
})

test('an output that is none of the agent is an error, not a score', () => {
  const [expected] = trainTickets
  if (!expected) throw new Error('no ticket')
  const input = { ticket: { ...expected.ticket } }
  const subject = { output: { category: 'weather' }, input, reference: referenceOf(expected) }
  for (const guide of triageGuides) expect(() => guide.judge(subject, tools)).toThrow('no category')
})

import { expect, test } from 'vitest'
import { trainTickets } from '../tickets/train.ts'
import { review, scoreOf } from './guide.ts'

function ticket(id: string) {
  const found = trainTickets.find((one) => one.ticket.id === id)
  if (!found) throw new Error(`no ticket ${id}`)
  return found
}

const good = 'Dear Ana, we have started your refund for order LO-20418. Lumen & Oak'

test('a run without fault has full score and no words', () => {
  const reviews = review(
    { category: 'refund', decision: 'refund_now', reply: good },
    ticket('T-01'),
  )
  expect(scoreOf(reviews)).toBe(1)
  expect(reviews.every(({ comment }) => comment === undefined)).toBe(true)
})

test('a wrong category is named with the words it rests on', () => {
  const [category, decision] = review(
    { category: 'product', decision: 'answer', reply: good },
    ticket('T-01'),
  )
  expect(category).toMatchObject({ op: 'classify', score: 0 })
  expect(category.comment).toBe(
    'The category should be "refund": the customer writes "money back".',
  )
  expect(decision.comment).toBe('The decision follows from a wrong category.')
})

test('a wrong decision in the right category names the direction of the limit', () => {
  const low = review({ category: 'refund', decision: 'ask_colleague', reply: '' }, ticket('T-02'))
  expect(low[1].comment).toBe('The refund limit is too low: an order of 58 needs no colleague.')
  const high = review({ category: 'refund', decision: 'refund_now', reply: '' }, ticket('T-03'))
  expect(high[1].comment).toBe('The refund limit is too high: an order of 249 needs a colleague.')
})

test('a reply is scored by the house rules that apply to its ticket', () => {
  const result = { category: 'account', decision: 'answer', reply: 'Hello Kenji' } as const
  // No order number was given, so that three of four rules are met.
  expect(review(result, ticket('T-20'))[2]).toMatchObject({
    score: 0.75,
    comment: 'The reply must end with "Lumen & Oak".',
  })
})

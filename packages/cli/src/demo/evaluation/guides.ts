import type { Guide } from '@trace2/evaluation/guides'
import type { Triage } from '../agent/agent.ts'
import { categories } from '../agent/categories.ts'
import { outcomes } from '../agent/decide.ts'
import type { ReviewedTicket, Ticket } from '../tickets/ticket.ts'
import { review } from './guide.ts'

/** What a colleague decided about a ticket, as the reference of its case. */
export function referenceOf({ category, decision, grounds }: ReviewedTicket) {
  return { category, decision, grounds }
}

/** The review of a run as guides, one for each step: they score trials, whose outputs are not reviewed by hand. */
export const triageGuides: readonly Guide[] = (['category', 'decision', 'reply'] as const).map(
  (name) => ({
    name,
    definition: { kind: 'support-triage', step: name, version: 1 },
    source: 'code',
    judge({ output, input, reference }) {
      const found = review(triageIn(output), reviewedIn(input.ticket, reference)).find(
        (one) => one.name === name,
      )
      if (!found) throw new TypeError(`The review has nothing about ${name}.`)
      return { score: found.score, comment: found.comment ?? '' }
    },
  }),
)

function triageIn(output: unknown): Triage {
  const [category, decision] = [categoryIn(output), decisionIn(output)]
  return { category, decision, reply: textIn(output, 'reply') }
}

function reviewedIn(ticket: unknown, reference: unknown): ReviewedTicket {
  return {
    ticket: ticketIn(ticket),
    category: categoryIn(reference),
    decision: decisionIn(reference),
    grounds: textIn(reference, 'grounds'),
  }
}

function ticketIn(value: unknown): Ticket {
  const amount = memberOf(value, 'amount')
  if (typeof amount !== 'number') throw new TypeError('The ticket has no amount.')
  return {
    id: textIn(value, 'id'),
    customer: textIn(value, 'customer'),
    order: textIn(value, 'order'),
    amount,
    subject: textIn(value, 'subject'),
    body: textIn(value, 'body'),
  }
}

function categoryIn(value: unknown): Triage['category'] {
  const text = textIn(value, 'category')
  const found = categories.find((category) => category === text)
  if (found === undefined) throw new TypeError(`${JSON.stringify(text)} is no category.`)
  return found
}

function decisionIn(value: unknown): Triage['decision'] {
  const text = textIn(value, 'decision')
  if (text === 'refund_now' || text === 'ask_colleague' || text === 'answer') return text
  const known = Object.keys(outcomes).join(', ')
  throw new TypeError(`${JSON.stringify(text)} is no decision: ${known}.`)
}

function textIn(value: unknown, name: string): string {
  const text = memberOf(value, name)
  if (typeof text !== 'string') throw new TypeError(`There is no text ${name}.`)
  return text
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

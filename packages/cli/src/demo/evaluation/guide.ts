import type { Triage } from '../agent/agent.ts'
import type { ReviewedTicket } from '../tickets/ticket.ts'
import { checkReply } from './reply.ts'

/** What a reviewer says about one step of a run. */
export interface Review {
  /** The operator whose output is judged. */
  readonly op: 'classify' | 'decide' | 'draft'
  readonly name: 'category' | 'decision' | 'reply'
  /** From 0 to 1. */
  readonly score: number
  /** Words for the optimizer; absent where there is nothing to complain about. */
  readonly comment?: string
}

/** Compares what the agent made of a ticket with what a colleague would have, step by step. */
export function review(
  result: Triage,
  expected: ReviewedTicket,
): readonly [Review, Review, Review] {
  return [
    reviewCategory(result, expected),
    reviewDecision(result, expected),
    reviewReply(result, expected),
  ]
}

/** The score of a run: the mean of its steps' scores. */
export function scoreOf(reviews: readonly Review[]): number {
  return reviews.reduce((sum, { score }) => sum + score, 0) / reviews.length
}

function reviewCategory({ category }: Triage, expected: ReviewedTicket): Review {
  const judged = { op: 'classify', name: 'category' } as const
  if (category === expected.category) return { ...judged, score: 1 }
  const comment = `The category should be "${expected.category}": the customer writes "${expected.grounds}".`
  return { ...judged, score: 0, comment }
}

function reviewDecision({ category, decision }: Triage, expected: ReviewedTicket): Review {
  const judged = { op: 'decide', name: 'decision' } as const
  if (decision === expected.decision) return { ...judged, score: 1 }
  const { amount } = expected.ticket
  const comment =
    category !== expected.category
      ? 'The decision follows from a wrong category.'
      : expected.decision === 'refund_now'
        ? `The refund limit is too low: an order of ${amount} needs no colleague.`
        : `The refund limit is too high: an order of ${amount} needs a colleague.`
  return { ...judged, score: 0, comment }
}

function reviewReply({ reply }: Triage, { ticket }: ReviewedTicket): Review {
  const judged = { op: 'draft', name: 'reply' } as const
  const { met, complaints } = checkReply(reply, ticket)
  const score = met / (met + complaints.length)
  if (complaints.length === 0) return { ...judged, score }
  // A person names what strikes them first, and that differs from letter to letter.
  const first = Number(ticket.id.replace(/\D/g, '')) % complaints.length
  return { ...judged, score, comment: complaints[first] ?? '' }
}

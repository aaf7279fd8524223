import pLimit from 'p-limit'
import type { createAgent, Triage } from '../agent/agent.ts'
import type { ReviewedTicket } from '../tickets/ticket.ts'
import { type Review, review, scoreOf } from './guide.ts'

/** One run of the agent on a reviewed ticket. */
export interface EvaluatedRun {
  readonly ticket: ReviewedTicket
  readonly traceId: string
  readonly result: Triage
  readonly reviews: readonly Review[]
}

/** Mean scores from 0 to 1 over runs. */
export interface Scores {
  readonly category: number
  readonly decision: number
  readonly reply: number
  readonly overall: number
}

const usualConcurrency = 8

/** Runs the agent on each ticket, some at a time, and reviews what it made of them. */
export function evaluate(
  agent: ReturnType<typeof createAgent>,
  tickets: readonly ReviewedTicket[],
  onRun: (done: number) => void = () => {},
  concurrency: number = usualConcurrency,
): Promise<EvaluatedRun[]> {
  let done = 0
  onRun(done)
  const limit = pLimit({ concurrency, rejectOnClear: true })
  const runs = limit.map(tickets, async (ticket) => {
    const node = await agent.node(ticket.ticket)
    onRun(++done)
    return {
      ticket,
      traceId: node.traceId ?? '',
      result: node.value,
      reviews: review(node.value, ticket),
    }
  })
  // Where the model does not answer, the other tickets would find out the same, at a price.
  runs.catch(() => limit.clearQueue())
  return runs
}

/** Scores of a set of runs, by step and overall. */
export function scoresOf(runs: readonly EvaluatedRun[]): Scores {
  const mean = (score: (run: EvaluatedRun) => number) =>
    runs.reduce((sum, run) => sum + score(run), 0) / Math.max(runs.length, 1)
  const step = (name: Review['name']) =>
    mean(({ reviews }) => reviews.find((one) => one.name === name)?.score ?? 0)
  return {
    category: step('category'),
    decision: step('decision'),
    reply: step('reply'),
    overall: mean(({ reviews }) => scoreOf(reviews)),
  }
}

/** The run with the lowest score, the first of equal ones. */
export function lowest(runs: readonly EvaluatedRun[]): EvaluatedRun {
  return runs.reduce((low, run) => (scoreOf(run.reviews) < scoreOf(low.reviews) ? run : low))
}

import type { Feedback, FeedbackName, RunGraph } from '@trace2/store'
import { type Measures, measuresOf } from '../batch/index.ts'

let count = 0

/** Feedback on a run's output, as a store returns it. */
export function feedbackOn(graph: RunGraph, fields: Partial<Feedback> = {}): Feedback {
  count++
  return {
    id: `f-${count}`,
    traceId: graph.run,
    spanId: null,
    name: 'quality',
    score: 0,
    label: null,
    comment: 'Wrong.',
    source: 'human',
    identifier: `${count}`,
    createdAt: '2026-01-01T00:00:00Z',
    ...fields,
  }
}

/** What names mean that are on a scale from 0 to 1, unless it is said otherwise; the first counts most. */
export function measuresFor(...names: readonly (string | Partial<FeedbackName>)[]): Measures {
  return measuresOf(
    names.map((given, at) => ({
      name: 'quality',
      pieces: 1,
      scores: 1,
      labels: 0,
      seen: [0, 1],
      scale: [0, 1],
      direction: 'higher',
      weight: 1,
      scaleFrom: 'learned',
      directionFrom: 'usual',
      weightFrom: 'usual',
      rank: at + 1,
      ...(typeof given === 'string' ? { name: given } : given),
    })),
  )
}

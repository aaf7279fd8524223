import type { Feedback, RunGraph } from '@trace2/collector/store'

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

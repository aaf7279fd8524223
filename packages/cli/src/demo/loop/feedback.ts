import { feedback } from '@trace2/instrumentation'
import type { RunGraph, Store } from '@trace2/store'
import type { EvaluatedRun } from '../evaluation/evaluate.ts'

/**
 * Gives the reviews of runs as feedback, each on the step it is about. The runs are over and stored: who gives
 * feedback needs nothing but their ids, and finds the steps in the stored graphs.
 *
 * @returns how many pieces of feedback were given.
 */
export async function giveFeedback(store: Store, runs: readonly EvaluatedRun[]): Promise<number> {
  let given = 0
  const byTrace = new Map(runs.map((run) => [run.traceId, run]))
  for await (const graph of store.graphs([...byTrace.keys()])) {
    for (const { op, name, score, comment } of byTrace.get(graph.run)?.reviews ?? []) {
      const target = stepOf(graph, op)
      if (!target) continue
      feedback(target, { name, score, source: 'code', ...(comment && { comment }) })
      given++
    }
  }
  return given
}

function stepOf(graph: RunGraph, op: string) {
  return graph.nodes.find(
    (node) => (node.kind === 'op' || node.kind === 'exception') && node.op === op,
  )
}

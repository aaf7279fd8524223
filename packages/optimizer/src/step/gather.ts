import type { Feedback, RunQuery, Store } from '@trace2/collector/store'
import type { EdgeKind } from '@trace2/instrumentation/semconv'
import { type Backward, backward } from '../backward/index.ts'
import { raise } from '../errors.ts'
import { groupBy } from '../group-by.ts'

export interface GatherOptions {
  readonly runs?: RunQuery
  readonly parameters?: readonly string[]
  readonly edges?: readonly EdgeKind[]
  readonly onRun?: (done: number, total: number) => void
}

/** Runs read at most, where the query sets no limit. */
export const defaultRunLimit = 200

/**
 * Reads runs with feedback from the store and carries it back over each. Worst first, so that what is shown first is
 * what went wrong; runs of equal score as the store gives them, latest first.
 *
 * @throws `T2_NO_RUNS`, `T2_NO_FEEDBACK`
 */
export async function gatherRuns(
  store: Store,
  options: GatherOptions,
): Promise<readonly Backward<Feedback>[]> {
  const query: RunQuery = { limit: defaultRunLimit, ...options.runs }
  const found = await store.runs({ ...query, hasFeedback: true })
  if (found.length === 0) {
    const any = await store.runs({ ...query, limit: 1 })
    throw any.length === 0
      ? raise('T2_NO_RUNS', 'No stored run matches.')
      : raise('T2_NO_FEEDBACK', 'None of the runs has feedback.')
  }
  const worst = (score: number | null) => score ?? Number.NEGATIVE_INFINITY
  const runs = found
    .map((run, at) => ({ run, at }))
    .sort((a, b) => {
      const [left, right] = [worst(a.run.score), worst(b.run.score)]
      return left === right ? a.at - b.at : left - right
    })
    .map(({ run }) => run)
  const ids = runs.map(({ id }) => id)
  const byTrace = groupBy(await store.feedback(ids), ({ traceId }) => traceId)
  const passes: Backward<Feedback>[] = []
  for await (const graph of store.graphs(ids)) {
    const [traceId = ''] = graph.run.split(':')
    passes.push(backward(graph, byTrace.get(traceId) ?? [], options))
    options.onRun?.(passes.length, ids.length)
  }
  return passes
}

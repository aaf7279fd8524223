import { counted, type EdgeKind, groupBy } from '@trace2/core'
import type { RunQuery, RunSummary, Store } from '@trace2/store'
import { backward } from '../backward/index.ts'
import {
  type Digest,
  deciding,
  digestOf,
  type Measures,
  measuresOf,
  type Pass,
  type UsedVersion,
} from '../batch/index.ts'
import { raise } from '../errors.ts'
import { type KeptBack, keptBackRuns } from './kept-back.ts'
import type { UnreachedParameter } from './unreached.ts'

export interface GatherOptions {
  readonly runs?: RunQuery
  readonly parameters?: readonly string[]
  readonly edges?: readonly EdgeKind[]
  /** Name of the feedback that runs are compared by; other words are no name and change nothing here. */
  readonly objective?: string
  readonly onRun?: (done: number, total: number) => void
  /** Is told which runs with feedback datasets keep to select and to decide on: nothing is learned from them. */
  readonly onKeptBack?: (kept: KeptBack) => void
}

/** Runs read at most, where the query sets no limit. */
export const defaultRunLimit = 200

/** Runs to choose from, and a way to the passes of those that are chosen. */
export interface Gathered {
  readonly digests: readonly Digest[]
  /** What the names of their feedback mean. */
  readonly measures: Measures
  /** Runs that are not to be learned from, but that show what was tried before. */
  readonly earlier?: readonly Digest[]
  /** Parameters that were asked for and that none of the runs used. */
  readonly absent?: readonly UnreachedParameter[]
  /** Passes over some of the runs, in the order given. */
  passes(runs: readonly string[]): Promise<readonly Pass[]>
}

/**
 * Reads runs with feedback from the store and carries it back over each. Worst first, so that what is shown first is
 * what went wrong; runs of equal score as the store gives them, latest first. A few graphs at a time are in memory.
 *
 * @throws `T2_NO_RUNS`, `T2_NO_FEEDBACK`
 */
export async function gatherRuns(store: Store, options: GatherOptions): Promise<Gathered> {
  const query: RunQuery = { limit: defaultRunLimit, ...options.runs }
  const judged = await store.runs({ ...query, hasFeedback: true })
  const kept = await keptBackRuns(store, judged)
  const found = judged.filter(({ id }) => !kept.runs.has(id))
  const keptBack = kept.runs.size
  if (keptBack > 0 || kept.incomparable > 0) options.onKeptBack?.(kept)
  if (found.length === 0 && keptBack > 0) {
    const what = counted(keptBack, 'run has', 'runs have')
    throw raise(
      'T2_NO_FEEDBACK',
      `${what} feedback, and a dataset keeps all of them to select and to decide on.`,
    )
  }
  if (found.length === 0) {
    const any = await store.runs({ ...query, limit: 1 })
    if (any.length > 0) throw raise('T2_NO_FEEDBACK', 'None of the runs has feedback.')
    const isEmpty = (await store.runs({ limit: 1 })).length === 0
    throw raise('T2_NO_RUNS', isEmpty ? 'There is no stored run yet.' : 'No stored run matches.')
  }
  const measures = measuresOf(await store.feedbackNames(), options.objective)
  const worst = ({ scores }: RunSummary) =>
    deciding(new Map(Object.entries(scores)), measures) ?? Number.NEGATIVE_INFINITY
  // They are read in the store's order, where those that lie together were recorded together.
  const ids = found.map(({ id }) => id)
  const byTrace = groupBy(await store.feedback(ids), ({ traceId }) => traceId)
  async function* passesOver(chosen: readonly string[]): AsyncGenerator<Pass> {
    for await (const graph of store.graphs(chosen)) {
      const [traceId = ''] = graph.run.split(':')
      yield backward(graph, byTrace.get(traceId) ?? [], options)
    }
  }
  const versions = new Map<string, UsedVersion>()
  const once = (used: UsedVersion) => {
    const key = `${used.version} ${used.name}`
    const known = versions.get(key) ?? used
    versions.set(key, known)
    return known
  }
  const read = new Map<string, Digest>()
  for await (const pass of passesOver(ids)) {
    read.set(pass.graph.run, digestOf(pass, measures, once))
    options.onRun?.(read.size, ids.length)
  }
  const digests = found
    .map((run, at) => ({ run, at, score: worst(run) }))
    .sort((a, b) => (a.score === b.score ? a.at - b.at : a.score - b.score))
    .flatMap(({ run }) => read.get(run.id) ?? [])
  return {
    digests,
    measures,
    async passes(chosen) {
      const read: Pass[] = []
      for await (const pass of passesOver(chosen)) read.push(pass)
      return read
    },
  }
}

/** {@link Gathered} of passes that were made already. */
export function gathered(passes: readonly Pass[], measures: Measures): Gathered {
  const byRun = new Map(passes.map((pass) => [pass.graph.run, pass]))
  return {
    digests: passes.map((pass) => digestOf(pass, measures)),
    measures,
    passes: async (runs) => runs.flatMap((run) => byRun.get(run) ?? []),
  }
}

import type { GraphOptions, RunGraph, Store } from '@trace2/store'

/** Graphs of the first few of the runs that were asked for. */
export interface SomeGraphs {
  readonly graphs: readonly RunGraph[]
  /** How many of the runs are dealt with. */
  readonly runs: number
}

/** One set of queries reads so many; a message to another thread holds no more. */
const RUNS_AT_ONCE = 64
/** Copying them holds both threads up. */
const NODES_AT_ONCE = 20_000

/** In the store's thread. What comes before a run that cannot be read is not lost to it. */
export async function someGraphs(
  store: Store,
  runs: readonly string[],
  options?: GraphOptions,
): Promise<SomeGraphs> {
  const graphs: RunGraph[] = []
  try {
    let nodes = 0
    for await (const graph of store.graphs(runs, options)) {
      graphs.push(graph)
      nodes += graph.nodes.length
      if (nodes >= NODES_AT_ONCE) return { graphs, runs: graphs.length }
    }
  } catch (error) {
    if (graphs.length === 0) throw error
    return { graphs, runs: graphs.length }
  }
  return { graphs, runs: runs.length }
}

/** In the thread that asks: all of them, some at a time. */
export async function* allGraphs(
  runs: readonly string[],
  ask: (runs: readonly string[]) => Promise<SomeGraphs>,
): AsyncGenerator<RunGraph> {
  for (let at = 0; at < runs.length; ) {
    const some = await ask(runs.slice(at, at + RUNS_AT_ONCE))
    yield* some.graphs
    at += some.runs
  }
}

import type { OpNode, RunGraph } from '../graph/graph.ts'
import { UNNAMED_PROMPT } from '../prompt-names/index.ts'
import type { Store } from '../store.ts'
import { rowsOf } from './rows.ts'
import type { EdgeCheck } from './trace-check.ts'

const RUNS = 50
const SPANS_OF_EACH = 1000

/** What the graphs of the latest runs have. */
export interface LatestRuns {
  readonly edges: EdgeCheck
  /** How many prompts have no name but their first words, by scope and dialect as {@link senderKey} has them. */
  readonly unnamed: ReadonlyMap<string, number>
}

export function senderKey({ scope, dialect }: { scope: string; dialect: string }): string {
  return JSON.stringify([scope, dialect])
}

/** Looks at foreign model calls in the graphs of the latest runs, one run at a time. */
export async function latestRunsOf(store: Store): Promise<LatestRuns> {
  const runs = await store.runs({ limit: RUNS })
  let calls = 0
  let connected = 0
  const unnamed = new Map<string, Set<string>>()
  const ids = runs.map(({ id }) => id)
  for await (const graph of store.graphs(ids, { maxSpans: SPANS_OF_EACH })) {
    const models = await modelCallsIn(graph, store)
    const later = models.slice(1)
    const fed = new Set(graph.edges.filter(isData).map(({ to }) => to))
    calls += later.length
    connected += later.filter(({ id }) => fed.has(id)).length
    for (const { id, sender } of models) {
      const names = unnamed.get(sender) ?? new Set()
      for (const name of unnamedPrompts(graph, id)) names.add(name)
      unnamed.set(sender, names)
    }
  }
  return {
    edges: { runs: runs.length, calls, connected },
    unnamed: new Map([...unnamed].map(([sender, names]) => [sender, names.size])),
  }
}

function isData({ from, how }: RunGraph['edges'][number]): boolean {
  return from.startsWith('span:') && how !== 'contains'
}

/** Names of parameters, without their versions: another text under the same name is the same prompt. */
function unnamedPrompts({ edges }: RunGraph, call: string): string[] {
  const start = `param:${UNNAMED_PROMPT}`
  return edges.flatMap(({ from, to }) =>
    to === call && from.startsWith(start) ? [from.slice(0, from.lastIndexOf('@'))] : [],
  )
}

/** In the order of their start. */
async function modelCallsIn({ run, nodes }: RunGraph, store: Store) {
  const [traceId = ''] = run.split(':')
  if (!/^[0-9a-f]{32}$/.test(traceId)) return []
  const found = await store.sql(`
    SELECT span_id, coalesce(scope ->> 'name', '') AS scope, dialect
    FROM v_span WHERE trace_id = '${traceId}' AND op_kind = 'llm' AND dialect <> 'trace2'`)
  const senders = new Map(
    rowsOf(found).map((row) => [
      row.text('span_id'),
      senderKey({ scope: row.text('scope'), dialect: row.text('dialect') }),
    ]),
  )
  return nodes
    .filter((node): node is OpNode => node.kind === 'op' || node.kind === 'exception')
    .flatMap(({ id, traceId: of, spanId, startedAt }) => {
      const sender = of === traceId ? senders.get(spanId) : undefined
      return sender === undefined ? [] : [{ id, sender, startedAt }]
    })
    .sort((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0))
}

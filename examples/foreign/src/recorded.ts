import type { Json } from '@trace2/core'
import type { RunGraph, Store } from '@trace2/store'

/** What the store has of one program. */
export interface Recorded {
  readonly spans: readonly RecordedSpan[]
  readonly graphs: readonly RecordedGraph[]
  /** Parameters, with the values that they had in one or another run. */
  readonly parameters: ReadonlyMap<string, readonly Json[]>
  /** Everything that was sent, as text: attributes, events and logs. */
  readonly sent: string
}

/** What is compared of a graph: which nodes it has, and what leads to what. */
export interface RecordedGraph extends Pick<RunGraph, 'edges'> {
  readonly nodes: readonly { readonly id: string }[]
}

export interface RecordedSpan {
  /** Id of its node in a graph. */
  readonly node: string
  /** Id of the node of the span around it. */
  readonly parent: string
  readonly kind: string | null
  readonly op: string
  readonly startNs: bigint
  readonly columns: ReadonlyMap<string, Json>
}

/** Reads all of a store that holds the runs of one program. */
export async function recorded(store: Store): Promise<Recorded> {
  const { columns, rows } = await store.sql('SELECT * FROM v_span ORDER BY start_ns')
  const spans = rows.map((row) =>
    spanOf(new Map(columns.map((name, at) => [name, row[at] ?? null]))),
  )
  const notes = await store.sql('SELECT body FROM span_note')
  const runs = await store.runs({ limit: 50 })
  const graphs: RunGraph[] = []
  for await (const graph of store.graphs(runs.map(({ id }) => id))) graphs.push(graph)
  const raw = spans.flatMap(({ columns: of }) => [of.get('attributes'), of.get('events')])
  return {
    spans,
    graphs,
    parameters: await valuesOf(store),
    sent: JSON.stringify([raw, notes.rows]),
  }
}

async function valuesOf(store: Store): Promise<ReadonlyMap<string, readonly Json[]>> {
  const values = new Map<string, Json[]>()
  for (const { name } of await store.parameters()) {
    values.set(
      name,
      (await store.parameterHistory(name)).map(({ value }) => value),
    )
  }
  return values
}

function spanOf(columns: ReadonlyMap<string, Json>): RecordedSpan {
  const text = (name: string) => String(columns.get(name) ?? '')
  return {
    node: `span:${text('trace_id')}:${text('span_id')}`,
    parent: `span:${text('trace_id')}:${text('parent_span_id')}`,
    kind: text('op_kind') || null,
    op: text('op') || text('name'),
    startNs: BigInt(text('start_ns') || 0),
    columns,
  }
}

import { DuckDBBlobValue, type DuckDBValue } from '@duckdb/node-api'
import { compareText } from '../../../graph/acyclic.ts'
import type { Database, Row } from '../database.ts'
import type { TraceTimes } from '../ingest/trace-times.ts'
import { readIn } from '../read-in.ts'
import { text } from '../row.ts'
import { GRAPH_SPANS, type StoredSpan, storedSpan, storedSpans } from './graph-span.ts'
import { StoredPrompts } from './stored-prompts.ts'
import { columnsOf, traceColumns } from './trace-columns.ts'
import { Turn } from './turn.ts'

/** Spans of a trace whose columns are read as one text: a string has half a gigabyte at most. */
export const MOST_IN_COLUMNS = 20_000

/** The spans of some traces, as the database gave them: what is made of them takes several times as much memory. */
export interface PackedTraces {
  /** The spans of some of the traces. */
  spans(traceIds: readonly string[]): Promise<ReadonlyMap<string, readonly StoredSpan[]>>
}

/** Reads the spans of traces: of most in columns, of large ones and those with unusual characters one by one. */
export async function packTraces(
  database: Database,
  traceIds: readonly string[],
  times: TraceTimes,
): Promise<PackedTraces> {
  const during = times.during(traceIds)
  const parts = await readIn(
    {
      rows: async (which, values) => {
        // No chunk is kept: V8 does not know how much memory it has, and sees no need to look for garbage.
        const chunks = await database.chunks(traceColumns(`${during} AND ${which}`), values)
        return chunks.flatMap((chunk) => {
          const [traces = [], texts = []] = chunk.getColumns()
          return traces.map((traceId, at) => ({
            traceId: String(traceId),
            bytes: bytesOf(texts[at]),
          }))
        })
      },
    },
    'trace_id',
    traceIds.filter((traceId) => times.size(traceId) <= MOST_IN_COLUMNS),
  )
  const prompts = new StoredPrompts(database, traceIds, during)
  const bytes = new Map(parts.map((part) => [part.traceId, part.bytes]))
  return {
    async spans(some) {
      const spans = new Map<string, StoredSpan[]>()
      const singly: string[] = []
      const turn = new Turn()
      for (const traceId of some) {
        await turn.end()
        const packed = bytes.get(traceId)
        const columns = packed && columnsOf(decoder.decode(packed))
        const read = columns && storedSpans(columns)
        if (read) spans.set(traceId, inOrder(read))
        else if (packed || times.size(traceId) > MOST_IN_COLUMNS) singly.push(traceId)
        else spans.set(traceId, [])
      }
      if (singly.length === 0) return prompts.addedTo(spans)
      const where = `${GRAPH_SPANS} AND ${times.during(singly)} AND trace_id`
      const others = await spansOf(await readIn(database, where, singly), singly)
      for (const traceId of singly) spans.set(traceId, others.get(traceId) ?? [])
      return prompts.addedTo(spans)
    },
  }
}

const decoder = new TextDecoder()

function bytesOf(value: DuckDBValue | undefined): Uint8Array {
  return value instanceof DuckDBBlobValue ? value.bytes : new Uint8Array()
}

/** The spans of some traces of which rows were fetched, in an order of their own. */
export async function spansOf(
  rows: readonly Row[],
  traceIds: readonly string[],
): Promise<Map<string, StoredSpan[]>> {
  const spans = new Map<string, StoredSpan[]>(traceIds.map((traceId) => [traceId, []]))
  const turn = new Turn()
  for (const row of rows) {
    await turn.end()
    const span = storedSpan(text(row, 'texts'))
    spans.get(span.traceId)?.push(span)
  }
  for (const of of spans.values()) inOrder(of)
  return spans
}

/** Whatever the order in which they came. */
function inOrder(spans: StoredSpan[]): StoredSpan[] {
  return spans.sort(
    (a, b) => compareText(a.spanId, b.spanId) || compareText(a.startedAt, b.startedAt),
  )
}

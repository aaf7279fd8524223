import type { DuckDBConnection } from '@duckdb/node-api'
import type { TableShape } from '../../tables/index.ts'

/** Rows of a table that one file of a backup holds. */
export interface Chunk {
  readonly from: number
  /** The last of its rows. */
  readonly to: number
}

/** One row in so many ends a file. */
const USUAL_ROWS = 8192
/** Senders choose ids: whatever they are, files have at least and at most so many rows. */
const LEAST_ROWS = 2048
const MOST_ROWS = 32_768

/**
 * Parts of a table in the order of its rows. Where one ends depends on the rows around that place alone: after rows were
 * added, changed or deleted, all other parts are what they were, whatever numbers their rows have by then.
 */
export async function chunksOf(
  connection: DuckDBConnection,
  table: TableShape,
): Promise<readonly Chunk[]> {
  const numbers = async (query: string) =>
    (await connection.runAndReadAll(query)).getRowsJson().map(([first]) => Number(first))
  const [last = -1] = await numbers(`SELECT coalesce(max(rowid), -1) FROM ${table.name}`)
  const ends = await numbers(
    `SELECT rowid FROM ${table.name} WHERE hash(${keyOf(table)}) % ${USUAL_ROWS} = 0 ORDER BY rowid`,
  )
  return chunksBetween(ends, last)
}

/** What tells the rows of a table apart, by which places are chosen that do not move. */
function keyOf({ key, columns }: TableShape): string {
  const ids = columns.filter(({ name }) => name === 'trace_id' || name === 'span_id')
  return (key ?? ids.map(({ name }) => name)).join(', ')
}

/**
 * Parts that end at some of the given rows, or where they would become too long.
 *
 * @param last number of the last row; -1 of a table without rows.
 */
export function chunksBetween(ends: readonly number[], last: number): readonly Chunk[] {
  const chunks: Chunk[] = []
  let from = 0
  const cutAt = (to: number) => {
    while (to - from >= MOST_ROWS) {
      chunks.push({ from, to: from + MOST_ROWS - 1 })
      from += MOST_ROWS
    }
  }
  for (const end of ends) {
    cutAt(end)
    if (end - from + 1 < LEAST_ROWS) continue
    chunks.push({ from, to: end })
    from = end + 1
  }
  cutAt(last)
  if (from <= last) chunks.push({ from, to: last })
  return chunks
}

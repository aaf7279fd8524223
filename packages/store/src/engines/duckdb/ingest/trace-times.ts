import {
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
  LIST,
  listValue,
  UBIGINT,
  VARCHAR,
} from '@duckdb/node-api'
import type { SpanRecord } from '../../../otlp/index.ts'
import { appendRows } from '../bulk/index.ts'
import type { Database } from '../database.ts'
import { sql } from '../sql.ts'
import { rowWriter, traceTimeTable } from '../tables/index.ts'

/** When the spans of a trace in a batch started: where in the tables they are to be looked for. */
export interface TraceTime {
  from: bigint
  to: bigint
  spans: number
}

/** Adds a span to the times of the traces, by id. */
export function addTime(times: Map<string, TraceTime>, { traceId, startNs }: SpanRecord): void {
  const time = times.get(traceId)
  if (!time) {
    times.set(traceId, { from: startNs, to: startNs, spans: 1 })
    return
  }
  time.spans++
  if (startNs < time.from) time.from = startNs
  else if (startNs > time.to) time.to = startNs
}

const writeTime = rowWriter(traceTimeTable)

export function insertTimes(
  connection: DuckDBConnection,
  times: ReadonlyMap<string, Readonly<TraceTime>>,
): Promise<void> {
  return appendRows(connection, traceTimeTable.name, times, (row, [traceId, time]) =>
    writeTime(row, { key: traceKey(traceId), ...time }),
  )
}

/** The number that the first 16 hex digits of a trace id are, as the macro `trace_key` has it. */
function traceKey(traceId: string): bigint {
  return BigInt(`0x${traceId.slice(0, 16)}`)
}

/** What both a connection and a database can be asked. */
type Ask = (
  query: string,
  values: readonly DuckDBValue[],
  types: readonly DuckDBType[],
) => Promise<readonly Readonly<Record<string, unknown>>[]>

/** Asks on any idle connection. */
export function askIn(database: Database): Ask {
  return (query, values, types) => database.rows(query, values, types)
}

/** Asks within a connection's transaction. */
export function askOn(connection: DuckDBConnection): Ask {
  return async (query, values, types) => {
    const result = await connection.runAndReadAll(query, [...values], [...types])
    return result.getRowObjectsJson()
  }
}

/**
 * A condition on `start_ns` that every span of some traces meets, and most others do not: DuckDB passes by the row
 * groups of other times. Costs one look through `trace_time`, which has a row per trace and batch.
 */
export async function duringTraces(ask: Ask, traceIds: readonly string[]): Promise<string> {
  return during(
    await ask(
      `SELECT min(from_ns) AS from_ns, max(to_ns) AS to_ns FROM trace_time
       WHERE trace_key IN (SELECT unnest($1::UBIGINT[]))`,
      [listValue([...new Set(traceIds)].map(traceKey))],
      [LIST(UBIGINT)],
    ),
  )
}

/** Where some traces are in the tables, and how large they are. */
export interface TraceTimes {
  /** How many spans a trace has, at most. */
  size(traceId: string): number
  /** {@link duringTraces} for some of the traces. */
  during(traceIds: readonly string[]): string
}

/**
 * Times and sizes of traces. Those whose ids begin alike count as one at first, which they never are but where a program
 * numbers them with 64 bits; of what seems large, spans are therefore counted.
 *
 * @param exactFrom spans from which on a size is exact.
 */
export async function timesOfTraces(
  ask: Ask,
  traceIds: readonly string[],
  exactFrom: number,
): Promise<TraceTimes> {
  const rows = await ask(
    `SELECT trace_key, sum(spans)::DOUBLE AS spans, min(from_ns) AS from_ns, max(to_ns) AS to_ns
     FROM trace_time
     WHERE trace_key IN (SELECT unnest($1::UBIGINT[])) GROUP BY trace_key`,
    [listValue([...new Set(traceIds)].map(traceKey))],
    [LIST(UBIGINT)],
  )
  const times = new Map(
    rows.map((row): [string, TraceTime] => [
      String(row.trace_key),
      {
        from: BigInt(String(row.from_ns)),
        to: BigInt(String(row.to_ns)),
        spans: Number(row.spans),
      },
    ]),
  )
  const timeOf = (traceId: string) => times.get(String(traceKey(traceId)))
  const during = (some: readonly string[]) => {
    const found = some.flatMap((traceId) => timeOf(traceId) ?? [])
    const [first] = found
    if (!first) return 'false'
    const all = { ...first }
    for (const { from, to } of found) {
      if (from < all.from) all.from = from
      if (to > all.to) all.to = to
    }
    return between(all.from, all.to)
  }
  const large = traceIds.filter((traceId) => (timeOf(traceId)?.spans ?? 0) > exactFrom)
  const counts =
    large.length === 0
      ? []
      : await ask(
          `SELECT trace_id, count(*)::DOUBLE AS spans FROM span
           WHERE ${sql('is-operator')} AND ${during(large)} AND trace_id IN (SELECT unnest($1::VARCHAR[]))
           GROUP BY trace_id`,
          [listValue(large)],
          [LIST(VARCHAR)],
        )
  const exact = new Map(counts.map((row) => [String(row.trace_id), Number(row.spans)]))
  const counted = new Set(large)
  return {
    during,
    size: (traceId) =>
      counted.has(traceId) ? (exact.get(traceId) ?? 0) : (timeOf(traceId)?.spans ?? 0),
  }
}

/** {@link duringTraces} for all traces whose id begins with some hex digits. */
export async function duringTracesLike(ask: Ask, prefix: string): Promise<string> {
  const first = traceKey(prefix.padEnd(16, '0'))
  const last = traceKey(prefix.padEnd(16, 'f'))
  return during(
    await ask(
      'SELECT min(from_ns) AS from_ns, max(to_ns) AS to_ns FROM trace_time WHERE trace_key BETWEEN $1 AND $2',
      [first, last],
      [UBIGINT, UBIGINT],
    ),
  )
}

/** {@link duringTraces} for all traces that had a span start at some time or later. */
export async function duringTracesSince(ask: Ask, since: bigint): Promise<string> {
  return during(
    await ask(
      `SELECT min(from_ns) AS from_ns, max(to_ns) AS to_ns FROM trace_time
       WHERE trace_key IN (SELECT trace_key FROM trace_time WHERE to_ns >= $1)`,
      [since],
      [UBIGINT],
    ),
  )
}

/** The numbers come from the database and are written as numbers. */
function during(rows: readonly Readonly<Record<string, unknown>>[]): string {
  const { from_ns: from, to_ns: to } = rows[0] ?? {}
  if (typeof from !== 'string' || typeof to !== 'string') return 'false'
  return between(BigInt(from), BigInt(to))
}

function between(from: bigint, to: bigint): string {
  return `start_ns BETWEEN ${from}::UBIGINT AND ${to}::UBIGINT`
}

/** Makes the times anew from the spans, for a database whose rows came from elsewhere. */
export async function rebuildTraceTimes(connection: DuckDBConnection): Promise<void> {
  await connection.run('DELETE FROM trace_time')
  await connection.run(
    `INSERT INTO trace_time SELECT trace_key(trace_id), min(start_ns), max(start_ns), count(*) FROM span
     GROUP BY trace_id`,
  )
}

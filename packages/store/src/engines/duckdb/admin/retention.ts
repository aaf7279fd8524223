import type { DuckDBConnection } from '@duckdb/node-api'
import { counted, formatCount } from '@trace2/core'
import { raise } from '../../../errors.ts'
import { MAX_SHARE, type RetentionPolicy, type RetentionResult } from '../../../retention-policy.ts'
import type { Database } from '../database.ts'
import { number, text } from '../row.ts'
import { sql } from '../sql.ts'
import { isoNanoseconds, nowNs } from '../time.ts'

/** Each round deletes what is estimated to be enough; the estimate is rough, so there may be several. */
const MAX_ROUNDS = 8
/** A round that frees a smaller share of the data is the last one. */
const LEAST_GAIN = 0.02
/** Leaves room, so that the next few runs do not start the next deletion. */
const TARGET_SHARE = 0.9

/**
 * Deletes runs that are older than the policy allows, unless that is suspiciously much at once, then the oldest ones until the data is small enough. A trace
 * is deleted whole, with its feedback, or not at all. Traces stay that open or accepted proposals rest on.
 *
 * @param forget called after a deletion: texts that were known to be stored may be gone.
 * @param now the time, in nanoseconds since 1970.
 * @throws {Trace2Error} `T2_RETENTION_SHARE`
 */
export async function applyRetention(
  database: Database,
  policy: RetentionPolicy,
  forget: () => void,
  now: () => bigint = nowNs,
): Promise<RetentionResult> {
  const { maxAgeSeconds, maxBytes } = policy
  const total = { traces: 0, spans: 0, keptAsEvidence: 0 }
  const add = (deleted: Deleted) => {
    total.traces += deleted.traces
    total.spans += deleted.spans
    total.keptAsEvidence = Math.max(total.keptAsEvidence, deleted.keptAsEvidence)
    return deleted.traces
  }
  if (maxAgeSeconds !== undefined) {
    const cutoffNs = now() - BigInt(Math.round(maxAgeSeconds * 1e9))
    const maxShare = policy.force ? Number.POSITIVE_INFINITY : (policy.maxShare ?? MAX_SHARE)
    add(await deleteOldest(database, { cutoffNs, limit: null, maxShare }, forget))
  }
  let bytes = await bytesInUse(database)
  for (let round = 0; maxBytes !== undefined && bytes > maxBytes && round < MAX_ROUNDS; round++) {
    const [row] = await database.rows('SELECT count(DISTINCT trace_id) AS traces FROM span')
    const surplus = 1 - (TARGET_SHARE * maxBytes) / bytes
    const limit = Math.max(Math.ceil(number(row ?? {}, 'traces') * surplus), 1)
    if (add(await deleteOldest(database, { limit }, forget)) === 0) break
    const before = bytes
    bytes = await bytesInUse(database)
    // Deleting what gives no room back would go on until nothing is left.
    if (bytes > before * (1 - LEAST_GAIN)) break
  }
  return { ...total, bytes }
}

type Deleted = Pick<RetentionResult, 'traces' | 'spans' | 'keptAsEvidence'>

async function deleteOldest(
  database: Database,
  due: { readonly limit: number } | ({ readonly limit: null } & Share),
  forget: () => void,
): Promise<Deleted> {
  const deleted = await database.write(async (connection) => {
    const cutoff = due.limit === null ? String(due.cutoffNs) : null
    await connection.run(sql('retention-due'), [cutoff, due.limit])
    const found = await countsOf(connection)
    if (due.limit === null) await requireShare(connection, found.traces, due)
    if (found.traces > 0 || cutoff !== null) {
      await deleteDue(connection)
      if (cutoff !== null)
        for (const { table, isDue } of aged)
          await connection.run(`DELETE FROM ${table} WHERE ${isDue}`, [cutoff])
      await connection.run(UNUSED_MARKS)
      await deleteContent(connection)
    }
    await connection.run('DROP TABLE due')
    return found
  })
  forget()
  if (deleted.traces > 0) await database.write(rewriteContent)
  await database.checkpoint()
  return deleted
}

/** DuckDB reuses the rows deleted from a table with a key only when it is written anew. */
async function rewriteContent(connection: DuckDBConnection): Promise<void> {
  await connection.run(
    'CREATE TABLE kept_content (hash VARCHAR PRIMARY KEY, text VARCHAR NOT NULL)',
  )
  await connection.run('INSERT INTO kept_content SELECT hash, text FROM content')
  await connection.run('DROP TABLE content')
  await connection.run('ALTER TABLE kept_content RENAME TO content')
}

async function countsOf(connection: DuckDBConnection): Promise<Deleted> {
  const result = await connection.runAndReadAll(
    `SELECT count(*) FILTER (WHERE NOT evidence) AS traces,
       coalesce(sum(spans) FILTER (WHERE NOT evidence), 0) AS spans,
       count(*) FILTER (WHERE evidence) AS kept
     FROM due`,
  )
  const [row = {}] = result.getRowObjectsJson()
  await connection.run('DELETE FROM due WHERE evidence')
  return {
    traces: number(row, 'traces'),
    spans: number(row, 'spans'),
    keptAsEvidence: number(row, 'kept'),
  }
}

const EVALUATIONS =
  "DELETE FROM evaluation WHERE split_part(document ->> 'run', ':', 1) IN (SELECT trace_id FROM due)"

/** Versions of parameters that nothing but trials in these traces has shown. */
const TRIED_VERSIONS = `
  WITH ${sql('parameter-traffic')}
  DELETE FROM parameter_version
  WHERE (name, version) NOT IN (SELECT (name, version) FROM known)
    AND (name, version) NOT IN (
      SELECT (name, version) FROM parameter_use WHERE trace_id NOT IN (SELECT trace_id FROM due)
    )`

/** Every table that has a trace id, whatever later versions add. */
async function deleteDue(connection: DuckDBConnection): Promise<void> {
  await connection.run(EVALUATIONS)
  await connection.run(TRIED_VERSIONS)
  for (const { table } of await columns(connection, "column_name = 'trace_id'")) {
    await connection.run(`DELETE FROM ${table} WHERE trace_id IN (SELECT trace_id FROM due)`)
  }
  // A trace that stays may have the key of one that goes.
  const beginnings = 'IN (SELECT trace_id[1:16] FROM due)'
  await connection.run(
    'DELETE FROM trace_time WHERE trace_key IN (SELECT trace_key(trace_id) FROM due)',
  )
  await connection.run(
    `INSERT INTO trace_time SELECT trace_key(trace_id), min(start_ns), max(start_ns), count(*) FROM span
     WHERE trace_id[1:16] ${beginnings} GROUP BY trace_id`,
  )
}

/** Deletes the texts that no column refers to any more, nor a wrapped value within the JSON of one. */
async function deleteContent(connection: DuckDBConnection): Promise<void> {
  const references = await columns(connection, "ends_with(column_name, '_ref')")
  const documents = await columns(connection, "data_type = 'JSON'")
  const hashes = [
    ...references.map(({ table, column }) => `SELECT ${column} AS hash FROM ${table}`),
    ...documents.map(
      ({ table, column }) =>
        `SELECT unnest(regexp_extract_all(${column}, '"contentValue":"([0-9a-f]{64})"', 1)) AS hash
         FROM ${table} WHERE contains(${column}, '"contentValue"')`,
    ),
  ]
  await connection.run(
    `DELETE FROM content WHERE hash NOT IN (
       SELECT hash FROM (${hashes.join(' UNION ')}) WHERE hash IS NOT NULL
     )`,
  )
}

/** Columns of our own tables for which a condition holds; names are those of our schema. */
async function columns(
  connection: DuckDBConnection,
  condition: string,
): Promise<{ readonly table: string; readonly column: string }[]> {
  const result = await connection.runAndReadAll(
    `SELECT table_name, column_name FROM duckdb_columns()
     JOIN duckdb_tables() USING (database_name, schema_name, table_name)
     WHERE schema_name = 'main' AND table_name <> 'due' AND ${condition}`,
  )
  return result.getRowObjectsJson().map((row) => ({
    table: text(row, 'table_name'),
    column: text(row, 'column_name'),
  }))
}

/** What holds content of runs and belongs to none that is stored, by the condition on which it is too old. */
const aged = [
  {
    table: 'feedback',
    isDue: 'created_ns < $1::UBIGINT AND trace_id NOT IN (SELECT trace_id FROM span)',
  },
  {
    table: 'llm_call',
    isDue: `epoch_ns(started_at::TIMESTAMPTZ::TIMESTAMP)::HUGEINT < $1::HUGEINT
      AND id NOT IN (
        SELECT unnest((document -> 'llmCalls')::VARCHAR[]) FROM proposal WHERE status <> 'rejected'
      )`,
  },
  {
    table: 'trial',
    isDue: `epoch_ns(TRY_CAST(started_at AS TIMESTAMPTZ)::TIMESTAMP)::HUGEINT < $1::HUGEINT
      AND trace_id NOT IN (SELECT trace_id FROM span)
      AND experiment NOT IN (
        SELECT verdict.experiment FROM verdict
        JOIN proposal ON proposal.status <> 'rejected' AND list_contains(verdict.proposals, proposal.id)
      )`,
  },
]

interface Share {
  readonly cutoffNs: bigint
  readonly maxShare: number
}

/**
 * Refuses where more is due by age than a share of what is stored: the transaction is rolled back, and nothing is deleted.
 *
 * @param due number of traces that would be deleted.
 * @throws {Trace2Error} `T2_RETENTION_SHARE`
 */
async function requireShare(
  connection: DuckDBConnection,
  due: number,
  { cutoffNs, maxShare }: Share,
): Promise<void> {
  const first = async (query: string, ...values: string[]) =>
    (await connection.runAndReadAll(query, values)).getRowsJson()[0] ?? []
  const [count, latest] = await first('SELECT count(DISTINCT trace_id), max(received_ns) FROM span')
  const traces = Number(count)
  let dueRecords = 0
  let records = traces
  for (const { table, isDue } of aged) {
    const [old] = await first(`SELECT count(*) FROM ${table} WHERE ${isDue}`, String(cutoffNs))
    const [all] = await first(`SELECT count(*) FROM ${table}`)
    dueRecords += Number(old)
    records += Number(all)
  }
  if (due <= traces * maxShare && dueRecords <= records * maxShare) return
  const last = latest
    ? ` The latest span came in at ${isoNanoseconds(BigInt(String(latest)))}.`
    : ''
  throw raise(
    'T2_RETENTION_SHARE',
    `${formatCount(due)} of ${counted(traces, 'stored trace')} and ${counted(dueRecords, 'record')} without one are too old ` +
      `at once: more than ${maxShare * 100} %. Nothing was deleted.${last} What came before ` +
      `${isoNanoseconds(cutoffNs)} is too old by the clock of this machine.`,
  )
}

/** Marks of traces of which nothing is left. */
const UNUSED_MARKS = `
  DELETE FROM trial_trace
  WHERE trace_id NOT IN (SELECT trace_id FROM span) AND trace_id NOT IN (SELECT trace_id FROM trial)`

/** Blocks in use, free ones left out: the file itself keeps its size and uses them again. */
async function bytesInUse(database: Database): Promise<number> {
  const [row = {}] = await database.rows(
    'SELECT used_blocks * block_size AS bytes, wal_size FROM pragma_database_size()',
  )
  return number(row, 'bytes') + sizeOf(text(row, 'wal_size'))
}

const units: Readonly<Record<string, number>> = {
  bytes: 1,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
}

/** DuckDB gives this one as words. */
function sizeOf(words: string): number {
  const [, amount = '0', unit = ''] = /^([\d.]+) (\w+)$/.exec(words) ?? []
  return Number(amount) * (units[unit] ?? 1)
}

import {
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
  LIST,
  listValue,
  VARCHAR,
} from '@duckdb/node-api'
import type { KnownPrompt, KnownUse, Renaming } from '../../../prompt-names/index.ts'
import type { FoundPrompt } from '../../../reading/index.ts'
import type { Row } from '../database.ts'
import { text } from '../row.ts'
import { askOn, duringTraces } from './trace-times.ts'

/** Condition on the rows of some prompts, whose {@link keys} are its value. */
export const among = 'trace_id || span_id || role IN (SELECT unnest($1))'

export function keys(
  prompts: readonly Pick<FoundPrompt, 'traceId' | 'spanId' | 'role'>[],
): [DuckDBValue[], DuckDBType[]] {
  const list = prompts.map(({ traceId, spanId, role }) => traceId + spanId + role)
  return [[listValue(list)], [LIST(VARCHAR)]]
}

/** Forgets the names under which prompts were shown for a time, and their versions where nothing else uses them. */
export async function forgetShown(
  connection: DuckDBConnection,
  prompts: readonly FoundPrompt[],
): Promise<void> {
  if (prompts.length === 0) return
  await connection.run(
    `DELETE FROM parameter_use WHERE role IS NOT NULL AND ${among}`,
    ...keys(prompts),
  )
  await connection.run(
    `DELETE FROM parameter_version WHERE name || '@' || version IN (SELECT unnest($1))
       AND added IS NOT TRUE
       AND (name, version) NOT IN (SELECT (name, version) FROM parameter_use)`,
    [listValue([...new Set(prompts.map(({ name, version }) => `${name}@${version}`))])],
    [LIST(VARCHAR)],
  )
}

/** What is stored of the prompts of some callers, the latest first. */
export async function knownPrompts(
  connection: DuckDBConnection,
  bases: readonly string[],
): Promise<KnownPrompt[]> {
  const answer = await connection.runAndReadAll(
    `WITH prompt AS (
       SELECT name, version, value, first_seen_ns,
         coalesce(nullif(regexp_extract(name, '^(.*\\.(?:system|prompt)|prompt\\.[^.]+)\\.[^.]+$', 1), ''), name) AS base
       FROM parameter_version
       WHERE ${isPrompt}
     )
     SELECT name, version, value ->> '$' AS text FROM prompt
     WHERE name IN (SELECT unnest($1)) OR base IN (SELECT unnest($1))
     ORDER BY first_seen_ns DESC LIMIT 20000`,
    [listValue([...bases])],
    [LIST(VARCHAR)],
  )
  return answer.getRowObjectsJson().map(knownPrompt)
}

/** Condition on the name of a prompt that was named after what is around its call. */
const isPrompt =
  "contains(name, '.system') OR contains(name, '.prompt') OR starts_with(name, 'prompt.')"

function knownPrompt(row: Row): KnownPrompt {
  return { name: text(row, 'name'), version: text(row, 'version'), text: text(row, 'text') }
}

/** Prompts that are stored with some texts, the first that was seen first. */
export async function promptsWith(
  connection: DuckDBConnection,
  versions: readonly string[],
): Promise<KnownPrompt[]> {
  if (versions.length === 0) return []
  const answer = await connection.runAndReadAll(
    `SELECT name, version, value ->> '$' AS text FROM parameter_version
     WHERE version IN (SELECT unnest($1)) AND (${isPrompt}) ORDER BY first_seen_ns`,
    [listValue([...versions])],
    [LIST(VARCHAR)],
  )
  return answer.getRowObjectsJson().map(knownPrompt)
}

/** What is stored of some runs' uses of prompts that have names, in the order of their calls. */
export async function knownUses(
  connection: DuckDBConnection,
  traceIds: readonly string[],
): Promise<KnownUse[]> {
  if (traceIds.length === 0) return []
  const during = await duringTraces(askOn(connection), traceIds)
  const answer = await connection.runAndReadAll(
    `SELECT trace_id, name, version FROM parameter_use
     ANTI JOIN unnamed_prompt USING (trace_id, span_id, role)
     WHERE ${during} AND role IS NOT NULL AND trace_id IN (SELECT unnest($1))
     ORDER BY start_ns`,
    [listValue([...traceIds])],
    [LIST(VARCHAR)],
  )
  return answer.getRowObjectsJson().map((row) => ({
    traceId: text(row, 'trace_id'),
    name: text(row, 'name'),
    version: text(row, 'version'),
  }))
}

/** Traces that have used such prompts since some time. */
export async function tracesSince(connection: DuckDBConnection, since: bigint): Promise<string[]> {
  const answer = await connection.runAndReadAll(
    `SELECT DISTINCT trace_id FROM parameter_use WHERE start_ns >= ${since}::UBIGINT AND role IS NOT NULL
     LIMIT 20000`,
  )
  return answer.getRowObjectsJson().map((row) => text(row, 'trace_id'))
}

/** So many versions of a name are looked at. */
const MOST_VERSIONS = 2_000

/** Texts of the versions of a name, by version: the latest, and some that are asked for. */
export async function textsOf(
  connection: DuckDBConnection,
  name: string,
  versions: readonly string[],
): Promise<Map<string, string>> {
  const answer = await connection.runAndReadAll(
    `SELECT version, value ->> '$' AS text FROM parameter_version WHERE name = $1
     ORDER BY version IN (SELECT unnest($2)) DESC, first_seen_ns DESC LIMIT ${MOST_VERSIONS}`,
    [name, listValue([...versions])],
    [VARCHAR, LIST(VARCHAR)],
  )
  return new Map(answer.getRowObjectsJson().map((row) => [text(row, 'version'), text(row, 'text')]))
}

/** Names about which something was proposed or decided: what was said of them has to hold of the same versions. */
export async function decidedNames(connection: DuckDBConnection): Promise<ReadonlySet<string>> {
  const answer = await connection.runAndReadAll(decided)
  return new Set(answer.getRowObjectsJson().map((row) => text(row, 'parameter')))
}

const decided =
  "SELECT parameter FROM proposal WHERE status <> 'rejected' UNION SELECT parameter FROM deployment"

/**
 * Gives versions another name, and the uses that were named after what is around a call. Versions that somebody has put in, or
 * decided about, stay as well.
 */
export async function rename(
  connection: DuckDBConnection,
  { from, to, versions }: Renaming,
): Promise<void> {
  const values: DuckDBValue[] = [from, listValue([...versions])]
  const types: DuckDBType[] = [VARCHAR, LIST(VARCHAR)]
  const which = 'name = $1 AND version IN (SELECT unnest($2))'
  await connection.run(
    `INSERT OR IGNORE INTO parameter_version BY NAME
     SELECT * REPLACE ($3 AS name, NULL AS added) FROM parameter_version WHERE ${which}`,
    [...values, to],
    [...types, VARCHAR],
  )
  await connection.run(
    `DELETE FROM parameter_version WHERE ${which} AND added IS NOT TRUE
       AND name NOT IN (${decided})`,
    values,
    types,
  )
  await connection.run(
    `UPDATE parameter_use SET name = $3 WHERE ${which} AND role IS NOT NULL`,
    [...values, to],
    [...types, VARCHAR],
  )
}

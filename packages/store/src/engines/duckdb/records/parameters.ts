import type { DuckDBConnection } from '@duckdb/node-api'
import { canonicalJson, type Json, parameterKind, parameterVersion } from '@trace2/core'
import { raise } from '../../../errors.ts'
import type {
  NewParameterVersion,
  ParameterSummary,
  ParameterVersion,
  RecentVersion,
} from '../../../store.ts'
import { appendRows } from '../bulk/index.ts'
import type { Database, Row } from '../database.ts'
import { json, number, parseJson, text } from '../row.ts'
import { sql } from '../sql.ts'
import {
  createTable,
  newParameterVersionTable,
  parameterVersionTable,
  reading,
  rowWriter,
  type SeenParameter,
} from '../tables/index.ts'
import { isoNanoseconds, nowNs } from '../time.ts'

/** Inserts versions that are new; the first span that shows a version says what is known of it. */
export async function insertParameterVersions(
  connection: DuckDBConnection,
  rows: readonly SeenParameter[],
): Promise<void> {
  const first = new Map<string, SeenParameter>()
  for (const row of rows) {
    const key = `${row.name}@${row.version}`
    if (!first.has(key)) first.set(key, row)
  }
  if (first.size === 0) return
  await connection.run(createTable(newParameterVersionTable, { temporary: true }))
  await appendRows(connection, newParameterVersionTable.name, first.values(), writeVersion)
  await connection.run(
    'INSERT OR IGNORE INTO parameter_version BY NAME SELECT * FROM new_parameter_version',
  )
  await connection.run('DELETE FROM new_parameter_version')
}

const writeVersion = rowWriter(newParameterVersionTable)

export async function readParameters(database: Database): Promise<ParameterSummary[]> {
  const rows = await database.rows(sql('parameters'))
  return rows.map((row) => ({
    ...parameterOf(row),
    versions: number(row, 'versions'),
    lastUsedAt:
      row.last_used_ns === null ? null : isoNanoseconds(BigInt(text(row, 'last_used_ns'))),
    recent: recentVersions(json(row, 'recent')),
  }))
}

/** The list that the query makes as JSON. */
function recentVersions(list: Json): RecentVersion[] {
  if (!Array.isArray(list)) return []
  return list.flatMap((item: Json) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return []
    const { version, value = null, runs } = item as { readonly [member: string]: Json }
    return typeof version === 'string' && typeof runs === 'number' ? [{ version, value, runs }] : []
  })
}

export async function readParameterHistory(
  database: Database,
  name: string,
): Promise<ParameterVersion[]> {
  const rows = await database.rows(sql('parameter-history'), [name])
  if (rows.length === 0) throw raise('T2_PARAMETER_UNKNOWN', `There is no parameter ${name}.`)
  return rows.map(parameterOf)
}

export async function addParameterVersion(
  database: Database,
  added: NewParameterVersion,
): Promise<ParameterVersion> {
  const version = parameterVersion(added.value)
  const row = {
    name: added.name,
    version,
    value: canonicalJson(added.value),
    valueKind: parameterKind(added.value, added.schema, added.valueKind),
    trainable: added.trainable,
    description: added.description,
    schema: added.schema === null ? null : canonicalJson(added.schema),
    firstSeenNs: nowNs(),
  }
  await database.write(async (connection) => {
    const which = [row.name, version]
    // What was seen in trials alone is new from now on.
    await connection.run(
      `WITH ${sql('parameter-traffic')}
       UPDATE parameter_version SET first_seen_ns = $3::UBIGINT
       WHERE name = $1 AND version = $2 AND (name, version) NOT IN (SELECT (name, version) FROM known)`,
      [...which, String(row.firstSeenNs)],
    )
    await insertParameterVersions(connection, [row])
    await connection.run(
      'UPDATE parameter_version SET added = true WHERE name = $1 AND version = $2',
      which,
    )
  })
  const history = await readParameterHistory(database, added.name)
  const stored = history.find((candidate) => candidate.version === version)
  if (!stored)
    throw raise('T2_PARAMETER_UNKNOWN', `There is no version ${version} of ${added.name}.`)
  return stored
}

const readRow = reading(parameterVersionTable)

function parameterOf(answer: Row): ParameterVersion {
  const row = readRow.read(answer)
  const value = parseJson(row.value)
  const schema = row.schema === null ? null : parseJson(row.schema)
  return {
    name: row.name,
    version: row.version,
    value,
    valueKind: parameterKind(value, schema, row.kind),
    trainable: row.trainable,
    description: row.description,
    schema,
    firstSeenAt: isoNanoseconds(row.first_seen_ns),
    runs: number(answer, 'runs'),
  }
}

import { raise } from '../../../errors.ts'
import type { Database } from '../database.ts'
import { edgeView } from '../graph/edge-view.ts'
import { sql } from '../sql.ts'
import {
  additionsOf,
  createTable,
  createView,
  FIRST_DESCRIBED,
  storeTables,
  type TableShape,
  versionOfTables,
} from '../tables/index.ts'
import { settleEarlierForms } from './earlier-forms.ts'

/** Version of the tables that this code reads and writes. */
export const SCHEMA_VERSION = versionOfTables(storeTables)

/** What moves stored rows, or makes tables that are not described, by the version that it leads to. */
const migrations: ReadonlyMap<number, string> = new Map([
  [2, 'schema-2'],
  [3, 'schema-3'],
  [4, 'schema-4'],
  [5, 'schema-5'],
  [6, 'schema-6'],
  [7, 'schema-7'],
])

/**
 * Creates the tables of a new database, migrates those of an older one, and defines the views.
 *
 * @param tables what a database is to have. Default: what this code reads and writes.
 * @throws {Trace2Error} `T2_STORE_NEWER` where the database was written by a newer version.
 */
export async function prepareSchema(
  database: Database,
  path: string,
  tables: readonly TableShape[] = storeTables,
): Promise<void> {
  const found = await versionOf(database)
  const wanted = versionOfTables(tables)
  if (found > wanted) {
    const versions = `version ${found}; this Trace2 knows up to ${wanted}`
    throw raise('T2_STORE_NEWER', `The database ${path} has tables of ${versions}.`)
  }
  if (found > 0) await settleEarlierForms(database, found)
  const run = (statements: readonly string[]) =>
    database.write(async (connection) => {
      for (const statement of statements) await connection.run(statement)
    })
  if (found === 0) await run(creation(tables, wanted))
  else for (let next = found + 1; next <= wanted; next++) await run(migration(tables, next))
  await run(views(tables))
}

function creation(tables: readonly TableShape[], version: number): string[] {
  return [
    'CREATE TABLE schema_meta (version INTEGER NOT NULL, created_at TIMESTAMPTZ NOT NULL DEFAULT current_timestamp)',
    ...tables.map((table) => createTable(table)),
    `INSERT INTO schema_meta (version) VALUES (${version})`,
  ]
}

/**
 * What leads from the version before to a version. Each is a transaction: DuckDB commits none in which a table is altered
 * after its rows have been changed.
 */
export function migration(tables: readonly TableShape[], version: number): string[] {
  const name = migrations.get(version)
  return [
    ...(version > FIRST_DESCRIBED ? additionsOf(tables, version) : []),
    ...(name ? [sql(name)] : []),
    `UPDATE schema_meta SET version = ${version}`,
  ]
}

function views(tables: readonly TableShape[]): string[] {
  return [
    sql('macros'),
    `CREATE OR REPLACE VIEW edge_ref AS ${sql('edge-ref')}`,
    `CREATE OR REPLACE VIEW feedback_name AS ${sql('feedback-name')}`,
    ...tables.flatMap((table) => (table.view ? [createView({ ...table, view: table.view })] : [])),
    sql('views'),
    sql('views-evaluation'),
    `CREATE OR REPLACE VIEW v_node AS ${sql('node')}`,
    `CREATE OR REPLACE VIEW v_edge AS ${edgeView()}`,
    `CREATE OR REPLACE VIEW v_run AS ${sql('run')}`,
  ]
}

async function versionOf(database: Database): Promise<number> {
  const tables = await database.rows(
    "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'main' AND table_name = 'schema_meta'",
  )
  if (tables.length === 0) return 0
  const [row] = await database.rows('SELECT max(version) AS version FROM schema_meta')
  return Number(row?.version ?? 0)
}

import { raise } from '../../errors.ts'
import type { Database } from './database.ts'
import { edgeView } from './edge-view.ts'
import { sql } from './sql.ts'

/** Version of the tables that this code reads and writes. */
export const SCHEMA_VERSION = 6

/** Each entry brings a database from the version before to the version that is its key. */
const migrations: ReadonlyMap<number, string> = new Map([
  [1, 'schema'],
  [2, 'schema-2'],
  [3, 'schema-3'],
  [4, 'schema-4'],
  [5, 'schema-5'],
  [6, 'schema-6'],
])

/**
 * Creates the tables of a new database, migrates those of an older one, and defines the views.
 *
 * @throws {Trace2Error} `T2_STORE_NEWER` where the database was written by a newer version.
 */
export async function prepareSchema(database: Database, path: string): Promise<void> {
  const found = await versionOf(database)
  if (found > SCHEMA_VERSION) {
    const versions = `version ${found}; this Trace2 knows up to ${SCHEMA_VERSION}`
    throw raise('T2_STORE_NEWER', `The database ${path} has tables of ${versions}.`)
  }
  await database.write(async (connection) => {
    for (let version = found + 1; version <= SCHEMA_VERSION; version++) {
      const name = migrations.get(version)
      if (name) await connection.run(sql(name))
    }
    if (found < SCHEMA_VERSION) {
      await connection.run('UPDATE schema_meta SET version = $1', [SCHEMA_VERSION])
    }
    await connection.run(`CREATE OR REPLACE VIEW edge_ref AS ${sql('edge-ref')}`)
    await connection.run(`CREATE OR REPLACE VIEW feedback_name AS ${sql('feedback-name')}`)
    await connection.run(sql('views'))
    await connection.run(sql('views-evaluation'))
    await connection.run(`CREATE OR REPLACE VIEW v_node AS ${sql('node')}`)
    await connection.run(`CREATE OR REPLACE VIEW v_edge AS ${edgeView()}`)
    await connection.run(`CREATE OR REPLACE VIEW v_run AS ${sql('run')}`)
  })
}

async function versionOf(database: Database): Promise<number> {
  const tables = await database.rows(
    "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'main' AND table_name = 'schema_meta'",
  )
  if (tables.length === 0) return 0
  const [row] = await database.rows('SELECT max(version) AS version FROM schema_meta')
  return Number(row?.version ?? 0)
}

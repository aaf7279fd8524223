import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { migration } from '../admin/schema.ts'
import { storeTables } from '../tables/index.ts'
import { firstSchema } from './first-schema.ts'

/** What kept the messages of logs in versions 1 and 2 until notes took their place under the same number. */
const messages = `CREATE TABLE span_message (
  trace_id VARCHAR NOT NULL,
  span_id VARCHAR NOT NULL,
  time_ns UBIGINT NOT NULL,
  input JSON,
  output JSON,
  PRIMARY KEY (trace_id, span_id)
)`

/** Version 3 as it was first written: batches did not say how many spans they had. */
const firstTimes = `
CREATE OR REPLACE MACRO trace_key(trace_id) AS ('0x' || trace_id[1:16])::UBIGINT;
CREATE TABLE trace_time (trace_key UBIGINT NOT NULL, from_ns UBIGINT NOT NULL, to_ns UBIGINT NOT NULL);
INSERT INTO trace_time
SELECT trace_key(trace_id), min(start_ns), max(start_ns) FROM span GROUP BY trace_id`

/** The statements that made a store of a version, some of them in the form that they had at first. */
function upTo(version: number, first: Readonly<Record<number, string>> = {}): readonly string[] {
  const statements = [firstSchema]
  for (let next = 2; next <= version; next++) {
    const form = first[next]
    statements.push(...(form === undefined ? migration(storeTables, next) : [form]))
  }
  return [...statements, `UPDATE schema_meta SET version = ${version}`]
}

/** The tables of every version that was ever written, and of stores that were migrated from a version's first form. */
export const oldForms: Readonly<Record<string, readonly string[]>> = {
  '1': upTo(1),
  '1 with messages': [...upTo(1), messages],
  '2 with messages': upTo(2, { 2: messages }),
  '2': upTo(2),
  '3': upTo(3, { 3: firstTimes }),
  '4 with the times of 3': upTo(4, { 3: firstTimes }),
  '4': upTo(4),
  '5': upTo(5),
  '6': upTo(6),
  '7': upTo(7),
  '8': upTo(8),
  '6 with the messages of 2 and the times of 3': upTo(6, { 2: messages, 3: firstTimes }),
}

/** Texts longer than this were kept by their hash in every version. */
const INLINE_LIMIT = 1024

/** Makes an empty store with the tables of an older version. */
export async function makeOldStore(path: string, form: readonly string[]): Promise<void> {
  await connected(path, async (connection) => {
    for (const statement of form) await connection.run(statement)
  })
}

/**
 * Fills a store that {@link makeOldStore} made.
 *
 * @param source a closed store that today's code wrote: its rows are laid out as the older version had them.
 */
export async function fillOldStore(path: string, source: string): Promise<void> {
  await connected(path, async (connection) => {
    const [[name] = []] = await rowsOf(connection, 'SELECT current_database()')
    await connection.run(`ATTACH '${source}' AS today (READ_ONLY)`)
    await connection.run('USE today')
    await connection.run('CREATE TEMP TABLE given AS FROM edge_ref')
    await connection.run(`USE "${name}"`)
    // Each table, and those of its columns that today's has too.
    const tables = await rowsOf(
      connection,
      `SELECT table_name, coalesce(string_agg(theirs.column_name, ', '), '')
       FROM duckdb_columns() mine
       LEFT JOIN (FROM duckdb_columns() WHERE database_name = 'today') theirs USING (table_name, column_name)
       WHERE mine.database_name = '${name}' AND table_name <> 'schema_meta'
       GROUP BY table_name`,
    )
    for (const [table, columns] of tables) {
      if (table === 'edge_ref') await insertInputs(connection)
      else if (columns !== '') {
        await connection.run(
          `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM today.${table} ORDER BY rowid`,
        )
      }
    }
    await insertPrompts(connection, name ?? '')
    if (tables.some(([table]) => table === 'span_message')) await sayByMessages(connection)
  })
}

async function connected(
  path: string,
  task: (connection: DuckDBConnection) => Promise<void>,
): Promise<void> {
  const instance = await DuckDBInstance.create(path)
  const connection = await instance.connect()
  try {
    await task(connection)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** Inputs of spans had a table of their own before version 4. */
async function insertInputs(connection: DuckDBConnection): Promise<void> {
  const long = `length(value::VARCHAR) > ${INLINE_LIMIT}`
  await connection.run(
    `INSERT INTO edge_ref BY NAME
     SELECT * REPLACE (
       CASE WHEN ${long} THEN NULL ELSE value END AS value,
       CASE WHEN ${long} THEN sha256(value::VARCHAR) ELSE value_ref END AS value_ref
     ) FROM given`,
  )
  await connection.run(
    `INSERT OR IGNORE INTO content SELECT DISTINCT sha256(value::VARCHAR), value::VARCHAR FROM given WHERE ${long}`,
  )
}

/** Prompts of strangers' spans were among the spans' inputs before version 9. */
async function insertPrompts(connection: DuckDBConnection, name: string): Promise<void> {
  const columns = await rowsOf(
    connection,
    `SELECT column_name FROM duckdb_columns() WHERE database_name = '${name}'
       AND (table_name, column_name) IN (('span', 'inputs'), ('parameter_use', 'role'))`,
  )
  if (columns.join() !== 'inputs') return
  await connection.run(
    `UPDATE span SET inputs = '[' || more || CASE
       WHEN inputs IS NULL OR inputs::VARCHAR = '[]' THEN ']'
       ELSE ',' || substring(inputs::VARCHAR, 2)
     END
     FROM (
       SELECT trace_id, span_id, string_agg(json_object('r', role, 'o', 'parameter', 'a', name, 'b', version)::VARCHAR, ',') AS more
       FROM today.parameter_use WHERE role IS NOT NULL GROUP BY ALL
     ) named
     WHERE named.trace_id = span.trace_id AND named.span_id = span.span_id`,
  )
}

/** Takes from strangers' spans what they say otherwise than in attributes, as if it had come in logs. */
async function sayByMessages(connection: DuckDBConnection): Promise<void> {
  const said = `dialect <> 'trace2' AND NOT input_plain AND NOT output_plain
    AND NOT contains(attributes::VARCHAR, '"columnValue"') AND coalesce(input, output) IS NOT NULL`
  await connection.run(
    `INSERT INTO span_message SELECT trace_id, span_id, start_ns, input, output FROM span WHERE ${said}`,
  )
  await connection.run(`UPDATE span SET input = NULL, output = NULL WHERE ${said}`)
}

async function rowsOf(connection: DuckDBConnection, query: string): Promise<string[][]> {
  const result = await connection.runAndReadAll(query)
  return result.getRowsJson().map((row) => row.map(String))
}

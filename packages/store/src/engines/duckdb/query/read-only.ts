import {
  type DuckDBConnection,
  type DuckDBPreparedStatement,
  type DuckDBResultReader,
  type DuckDBType,
  type DuckDBValue,
  StatementType,
} from '@duckdb/node-api'
import { formatCount, Trace2Error } from '@trace2/core'
import { raise } from '../../../errors.ts'
import type { Database } from '../database.ts'
import { failureOf, isDamage } from '../failure.ts'
import { type CallableFunctions, callableFunctions, functionsIn } from './functions.ts'

/** Most rows that a query gives, and most characters in their texts, about. */
const mostRows = 1_000_000
const mostCharacters = 256 * 1024 ** 2
/** Rows that are read at a time, and those of them whose texts are measured. */
const step = 2048
const measured = 64

/**
 * Runs one SELECT that a user wrote. These make it harmless, whatever it says: it must be a single statement of type SELECT;
 * it calls only functions that compute (see {@link callableFunctions}); it runs in a read-only transaction that is rolled
 * back, on a connection that nothing else has and for a limited time (see {@link Database.withGuest}); the database has no
 * access to files or the network (see {@link Database.open}); and what it gives is limited.
 */
export function readOnly(
  database: Database,
  query: string,
  values: readonly DuckDBValue[] = [],
  types: readonly DuckDBType[] = [],
  signal?: AbortSignal,
): Promise<DuckDBResultReader> {
  // DuckDB does not say what is wrong with it.
  if (/^[\s;]*$/.test(query)) return Promise.reject(raise('T2_SQL', 'The query is empty.'))
  return database.withGuest(
    async (connection) => {
      await connection.run('BEGIN TRANSACTION READ ONLY')
      try {
        const statements = await connection.extractStatements(query)
        if (statements.count !== 1) {
          throw raise('T2_SQL_READ_ONLY', `Expected one statement, found ${statements.count}.`)
        }
        await refuseFunctions(connection, query, await functionsOf(database))
        const statement = await statements.prepare(0)
        try {
          if (statement.statementType !== StatementType.SELECT) throw notSelect()
          if (values.length > 0) statement.bind([...values], [...types])
          return await readLimited(statement)
        } finally {
          statement.destroySync()
        }
      } catch (error) {
        if (error instanceof Trace2Error) throw error
        if (isDamage(error)) throw failureOf(error).error
        const message = error instanceof Error ? error.message : String(error)
        const code = /read-only|disabled by configuration/i.test(message)
          ? 'T2_SQL_READ_ONLY'
          : 'T2_SQL'
        throw raise(code, message, { cause: error })
      } finally {
        await connection.run('ROLLBACK').catch(() => undefined)
      }
    },
    { signal },
  )
}

const functions = new WeakMap<Database, Promise<CallableFunctions>>()

function functionsOf(database: Database): Promise<CallableFunctions> {
  const known = functions.get(database)
  if (known) return known
  const asked = callableFunctions(database)
  functions.set(database, asked)
  // What fails once, as in a store that is closing, is asked again.
  asked.catch(() => functions.delete(database))
  return asked
}

function notSelect(): Trace2Error {
  return raise('T2_SQL_READ_ONLY', 'The statement is not a SELECT.')
}

/** The parser's own tree of the query says what it calls; what has none (PRAGMA, for example) is no SELECT. */
async function refuseFunctions(
  connection: DuckDBConnection,
  query: string,
  callable: CallableFunctions,
): Promise<void> {
  const result = await connection.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)', [query])
  const [[text] = []] = result.getRowsJson()
  const tree: unknown = JSON.parse(String(text))
  if (typeof tree !== 'object' || tree === null || Reflect.get(tree, 'error') === true) {
    throw notSelect()
  }
  const refused = [...functionsIn(tree)].filter((name) => callable.isRefused(name))
  if (refused.length === 0) return
  throw raise('T2_SQL_READ_ONLY', `A query may not call ${refused.sort().join(', ')}.`)
}

async function readLimited(statement: DuckDBPreparedStatement): Promise<DuckDBResultReader> {
  const reader = await statement.streamAndReadUntil(step)
  for (let from = 0, characters = 0; ; from = reader.currentRowCount) {
    if (from > 0) await reader.readUntil(from + step)
    const to = reader.currentRowCount
    characters += charactersIn(reader, from, to)
    if (to > mostRows || characters > mostCharacters) {
      const what = to > mostRows ? `${formatCount(mostRows)} rows` : '256 MB of text'
      throw raise('T2_SQL_LARGE', `The query gives more than ${what}.`)
    }
    if (reader.done || to === from) return reader
  }
}

/** About how long the texts of some rows are together: some of them tell of all. */
function charactersIn(reader: DuckDBResultReader, from: number, to: number): number {
  const rows = Math.min(measured, to - from)
  let characters = 0
  for (let index = 0; index < rows; index++) {
    const row = from + Math.floor((index * (to - from)) / rows)
    for (let column = 0; column < reader.columnCount; column++) {
      const value = reader.value(column, row)
      characters += typeof value === 'string' ? value.length : 8
    }
  }
  return rows === 0 ? 0 : (characters * (to - from)) / rows
}

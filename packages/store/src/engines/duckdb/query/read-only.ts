import {
  type DuckDBResultReader,
  type DuckDBType,
  type DuckDBValue,
  StatementType,
} from '@duckdb/node-api'
import { Trace2Error } from '@trace2/core'
import { raise } from '../../../errors.ts'
import type { Database } from '../database.ts'
import { failureOf, isDamage } from '../failure.ts'

/**
 * Runs one SELECT that a user wrote. Three things make it harmless, whatever it says: it must be a single statement
 * of type SELECT, it runs in a read-only transaction that is rolled back, and the database has no access to files
 * or the network (see {@link Database.open}).
 */
export function readOnly(
  database: Database,
  query: string,
  values: readonly DuckDBValue[] = [],
  types: readonly DuckDBType[] = [],
): Promise<DuckDBResultReader> {
  return database.withReader(async (connection) => {
    await connection.run('BEGIN TRANSACTION READ ONLY')
    try {
      const statements = await connection.extractStatements(query)
      if (statements.count !== 1) {
        throw raise('T2_SQL_READ_ONLY', `Expected one statement, found ${statements.count}.`)
      }
      const statement = await statements.prepare(0)
      try {
        if (statement.statementType !== StatementType.SELECT) {
          throw raise('T2_SQL_READ_ONLY', 'The statement is not a SELECT.')
        }
        if (values.length > 0) statement.bind([...values], [...types])
        return await statement.runAndReadAll()
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
  })
}

import { existsSync } from 'node:fs'
import type { Store } from '@trace2/store'
import { Option } from 'commander'
import { raise } from '../errors.ts'
import { argument } from './carried.ts'

/** What {@link databaseOption} gives to a command. */
export interface DatabaseOptions {
  readonly db: string
}

/** What is meant where no database is named. */
let standing = 'trace2.duckdb'

/** From now on this database is meant where none is named: that of the configuration. */
export function useDatabase(db: string): void {
  standing = db
}

/** `--db`, the same in every command. */
export function databaseOption(): Option {
  return new Option('--db <file or URL>', 'the database, or the address of a collector')
    .env('TRACE2_DB')
    .default(standing)
}

/**
 * Opens the store, hands it over and closes it again, whatever happens. A file that does not exist is an error
 * unless `create` is set: a mistyped name should not leave an empty database behind.
 */
export async function withStore<Result>(
  { db }: DatabaseOptions,
  use: (store: Store) => Promise<Result>,
  { create = false }: { readonly create?: boolean } = {},
): Promise<Result> {
  if (!create && !isAddress(db) && db !== ':memory:' && !existsSync(db)) {
    throw raise('T2_DATABASE_MISSING', `There is no database ${db}.`)
  }
  // DuckDB takes a tenth of a second to load: not for `trace2 --help`.
  const { openStore } = await import('@trace2/store')
  const store = await openStore(db)
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}

/** Whether a database is named by the address of a collector. */
export function isAddress(db: string): boolean {
  return /^https?:\/\//i.test(db)
}

/** A command to suggest, with `--db` where it would otherwise find another database. */
export function suggested(command: string, { db }: DatabaseOptions): string {
  if (db === (process.env.TRACE2_DB ?? standing)) return command
  return `${command} --db ${argument(db)}`
}

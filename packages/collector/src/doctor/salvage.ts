import { existsSync } from 'node:fs'
import { canonicalPath, findOwner } from '@trace2/store'
import { engineFor, type TableReading } from '@trace2/store/engines'
import { raise } from '../errors.ts'

/**
 * Copies the readable part of a damaged database into another database. The other one is new, or it has data already;
 * then only missing rows are added. The damaged file is not changed. A damaged block may hold a column of about two
 * thousand rows. These rows are copied without the column; if the column identifies them, they are lost.
 *
 * @returns the tables with their rows, and the numbers of rows that could not be read, or not completely.
 * @throws {Trace2Error} `T2_STORE_DAMAGED` if the file cannot be opened at all; `T2_STORE_LOCKED` if a collector owns
 * the database that rows are added to.
 * @example const tables = await salvage('trace2.duckdb.damaged-1790000000000', 'trace2.duckdb')
 */
export async function salvage(damaged: string, into: string): Promise<TableReading[]> {
  const source = canonicalPath(damaged)
  const target = canonicalPath(into)
  if (!existsSync(source)) throw raise('T2_STORE_OPEN', `There is no file ${source}.`)
  if (source === target) throw raise('T2_STORE_OPEN', 'It cannot be copied into itself.')
  for (const path of [source, target]) {
    const owner = await findOwner(path)
    if (owner) throw raise('T2_STORE_LOCKED', `The collector at ${owner.url} owns ${path}.`)
  }
  return engineFor(target).salvage(source, target)
}

import { existsSync } from 'node:fs'
import { canonicalPath, findOwner } from '@trace2/store'
import { engineFor, type TableReading } from '@trace2/store/engines'
import { raise } from '../errors.ts'

/**
 * Copies what can be read of a damaged database into another: a new one, or one that holds other data already, where
 * only what is missing is added. The damaged file is not changed. Where a damaged block has a column of some rows, about two
 * thousand at a time, they are copied without it, unless it is what they are known by: then they are lost.
 *
 * @returns the tables with their rows, and how many could not be read or not whole.
 * @throws {Trace2Error} `T2_STORE_DAMAGED` where the file cannot be opened at all, `T2_STORE_LOCKED` where a collector
 *   owns the database that is to be added to.
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

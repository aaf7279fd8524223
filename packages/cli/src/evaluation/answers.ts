import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { valueHash } from '@trace2/core'
import { type DatabaseOptions, isAddress } from '../options/database.ts'

/**
 * The folder in which the answers of a trial's model calls are kept until it has ended: beside a database that is a file, in
 * the cache of the user for one behind an address.
 */
export function answersFolder({ db }: DatabaseOptions): string {
  if (!isAddress(db)) return `${resolve(db)}.answers`
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  return join(cache, 'trace2', `answers-${valueHash(db).slice(0, 16)}`)
}

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { counted, formatCount } from '@trace2/core'
import { canonicalPath, findOwner } from '@trace2/store'
import { openFailure } from '@trace2/store/duckdb'
import { journalDirectory } from '../durable.ts'
import { inspectJournal } from '../journal/recover.ts'
import { checkFiles, checkOwner } from './check-files.ts'
import { checkTables } from './check-tables.ts'
import { type Finding, ok } from './finding.ts'
import { readEverything } from './readable.ts'

/**
 * Checks a database and its journal, and changes neither: the owner's file, the write-ahead log, the schema's
 * version, references between tables, content hashes, the journal's entries. A database that a living collector
 * owns is not opened; its files are looked at from outside.
 *
 * @returns what was found, errors and warnings with what to do. Nothing is thrown for a damaged database.
 * @example const worst = (await doctor('trace2.duckdb')).filter(({ severity }) => severity === 'error')
 */
export async function doctor(location: string): Promise<Finding[]> {
  const path = canonicalPath(location)
  if (!existsSync(path)) {
    const remedy = 'Name the database with --db; `trace2 collect` and `trace2 import` make one.'
    return [{ severity: 'error', check: 'file', message: `There is no file ${path}.`, remedy }]
  }
  const owner = await findOwner(path)
  const findings = [...checkOwner(path, owner), ...(await checkFiles(path))]
  if (owner) return findings
  return [...findings, ...(await checkDatabase(path)), ...(await checkJournal(path))]
}

async function checkDatabase(path: string): Promise<Finding[]> {
  let instance: DuckDBInstance
  try {
    instance = await DuckDBInstance.create(path, {
      access_mode: 'READ_ONLY',
      enable_external_access: 'false',
      autoload_known_extensions: 'false',
    })
  } catch (error) {
    const { message } = openFailure(path, error)
    const remedy =
      'If another process has it open, stop that. If it is damaged, `trace2 collect` sets what is damaged aside, begins anew and replays the journal; older runs come back from a copy or an export.'
    return [{ severity: 'error', check: 'open', message, remedy }]
  }
  const connection = await instance.connect()
  try {
    const damage = await checkBlocks(connection, path)
    // What is missing would be reported over and over.
    const sound = damage.severity === 'ok'
    const tables = sound ? await checkTables(connection) : []
    return [ok('open', 'The database opens.'), damage, ...tables]
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

async function checkBlocks(connection: DuckDBConnection, path: string): Promise<Finding> {
  const check = 'damaged blocks'
  const lost = (await readEverything(connection)).filter(
    (table) => table.lost + table.incomplete > 0,
  )
  if (lost.length === 0) return ok(check, 'Every row can be read.')
  const which = lost.map(({ table, rows, lost, incomplete }) => {
    return `of ${counted(rows, 'row')} of ${table} ${formatCount(lost)} cannot be read and ${formatCount(incomplete)} not whole`
  })
  const message = `The file is damaged: ${which.join('; ')}.`
  const remedy = `Copy what can be read: \`trace2 doctor --db ${path} --salvage NEW.duckdb\`, then use the new file.`
  return { severity: 'error', check, message, remedy }
}

async function checkJournal(path: string): Promise<Finding[]> {
  const check = 'journal'
  const directory = journalDirectory(path)
  if (!existsSync(join(directory, 'data.mdb'))) return [ok(check, 'There is no journal.')]
  const found = await inspectJournal(directory)
  if (!found) {
    const message = `The journal ${directory} cannot be read to its end.`
    const remedy = 'Start the collector: it saves what can be read and sets the damaged file aside.'
    return [{ severity: 'error', check, message, remedy }]
  }
  if (found.damaged > 0) {
    const message = `${formatCount(found.damaged)} of ${counted(found.entries + found.damaged, 'entry', 'entries')} of the journal are damaged.`
    const remedy = 'These requests are lost; the others are stored when the collector starts.'
    return [{ severity: 'error', check, message, remedy }]
  }
  return [ok(check, `The journal can be read: ${counted(found.entries, 'request')}.`)]
}

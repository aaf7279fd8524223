import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { counted, formatCount } from '@trace2/core'
import { canonicalPath, type Finding, findOwner, okFinding } from '@trace2/store'
import { engineFor } from '@trace2/store/engines'
import { inspectJournal } from '../journal/recover.ts'
import { journalDirectory } from '../open-with-journal.ts'
import { checkFiles, checkOwner } from './check-files.ts'

/**
 * Checks a database and its journal, and changes neither: the file of the owner, the write-ahead log, the version of
 * the schema, references between tables, content hashes, and the entries of the journal. If a living collector owns the
 * database, it is not opened; only its files are checked.
 *
 * @returns what was found, errors and warnings with what to do. A damaged database does not make it throw.
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
  return [...findings, ...(await engineFor(path).check(path)), ...(await checkJournal(path))]
}

async function checkJournal(path: string): Promise<Finding[]> {
  const check = 'journal'
  const directory = journalDirectory(path)
  if (!existsSync(join(directory, 'data.mdb'))) return [okFinding(check, 'There is no journal.')]
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
  return [okFinding(check, `The journal can be read: ${counted(found.entries, 'request')}.`)]
}

import { existsSync, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { counted } from '@trace2/core'
import { type Finding, type Owner, okFinding } from '@trace2/store'
import { countKept } from '../forward/refusals.ts'
import { incidentsFile, readIncidents } from '../incidents/incidents.ts'
import { journalDirectory } from '../open-with-journal.ts'
import { unstoredDirectory } from '../worker/poison-requests.ts'

/** Bytes of a write-ahead log at which opening takes noticeably long. */
const LARGE_LOG = 1e9

/**
 * Checks the files beside a database without opening it. This is quick, and also correct while a collector owns the
 * database.
 */
export async function checkFiles(path: string): Promise<Finding[]> {
  return [
    ...checkLog(path),
    ...(await checkRemains(path)),
    ...checkKept(path),
    ...checkIncidents(path),
  ]
}

/** What happened to the files, and what it cost. */
function checkIncidents(path: string): Finding[] {
  const remedy = `Look into it. Delete ${incidentsFile(path)} when nothing is missed.`
  return readIncidents(path).map(({ at, kind, message }) => ({
    severity: 'warning',
    check: kind,
    message: `${at}: ${message}`,
    remedy,
  }))
}

/** Who owns a database. */
export function checkOwner(path: string, owner: Owner | undefined): Finding[] {
  const check = 'owner'
  if (owner) {
    const message = `The collector ${owner.pid} at ${owner.url} owns the database; its content was not checked.`
    return [{ severity: 'note', check, message, remedy: 'Stop the collector to check everything.' }]
  }
  if (!existsSync(`${path}.owner.json`))
    return [okFinding(check, 'No collector owns the database.')]
  const message = 'A collector that is gone has left its owner file: it did not end in order.'
  const remedy = 'Nothing: the file is ignored, and the next collector replaces it.'
  return [{ severity: 'note', check, message, remedy }]
}

function checkLog(path: string): Finding[] {
  const check = 'write-ahead log'
  const log = `${path}.wal`
  if (!existsSync(log))
    return [okFinding(check, 'There is no write-ahead log: all is in the database file.')]
  const { size } = statSync(log)
  if (size < LARGE_LOG)
    return [okFinding(check, `The write-ahead log has ${counted(size, 'byte')}.`)]
  const message = `The write-ahead log has ${counted(size, 'byte')}; opening the database takes long.`
  return [{ severity: 'warning', check, message, remedy: 'Start and stop the collector once.' }]
}

async function checkRemains(path: string): Promise<Finding[]> {
  const names = await readdir(dirname(path))
  const remains = names.filter(
    (name) => name.startsWith(basename(path)) && /\.(damaged|removed)-\d+$/.test(name),
  )
  return remains.map((name) => ({
    severity: 'warning',
    check: 'damaged files',
    message: `${join(dirname(path), name)} was set aside because it was ${name.includes('.removed-') ? 'removed while it was open' : 'damaged'}.`,
    remedy: remedyOf(join(dirname(path), name), path),
  }))
}

/** A journal or a log gave up what it had when it was set aside; a database is copied from when its user says so. */
function remedyOf(remains: string, path: string): string {
  return [`${path}.damaged-`, `${path}.removed-`].some((aside) => remains.startsWith(aside))
    ? `Stop the collector and copy what can be read: \`trace2 doctor --db ${remains} --salvage ${path}\`.`
    : 'What could be saved has been. Delete it when nothing is missed.'
}

/** Requests that were acknowledged and that somebody has to look at. */
function checkKept(path: string): Finding[] {
  const journal = journalDirectory(path)
  const [unstored, refused] = [unstoredDirectory(journal), join(journal, 'refused')]
  const findings: Finding[] = []
  const aside = countKept(unstored)
  if (aside > 0) {
    findings.push({
      severity: 'warning',
      check: 'unstored requests',
      message: `${counted(aside, 'request')} could not be stored, and ${aside === 1 ? 'is' : 'are'} kept in ${unstored}.`,
      remedy:
        'This is a defect of Trace2: please report it with the reasons that lie beside them. Delete them when nothing is missed.',
    })
  }
  const notTaken = countKept(refused)
  if (notTaken > 0) {
    findings.push({
      severity: 'warning',
      check: 'refused requests',
      message: `Forward targets refused ${counted(notTaken, 'request')}, which ${notTaken === 1 ? 'is' : 'are'} kept in ${refused}.`,
      remedy:
        'The reasons lie beside them: correct `forward` (its address, headers, signals, encoding, feedback). Delete them when nothing is missed.',
    })
  }
  return findings
}

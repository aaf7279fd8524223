import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { diag } from '@opentelemetry/api'
import { counted } from '@trace2/core'
import { makeDirectory } from '@trace2/store'
import { startProcess } from '../threads/start.ts'
import { JOURNAL_FILE, Journal } from './journal.ts'
import { salvageEntries } from './salvage.ts'

/** Stands in the journal's directory while a collector has it open. */
const MARK = 'in-use'
/** Bytes that are appended to a new journal in one transaction. */
const APPENDED_AT_ONCE = 16 * 1024 * 1024

export interface JournalCheck {
  /** Number of entries that could be read. */
  readonly entries: number
  /** Number of entries whose bytes are damaged. */
  readonly damaged: number
  /** Number that the next entry will have. */
  readonly next: number
  /** Tells the journal from another one that replaced it. */
  readonly id: string
}

export interface Salvage {
  readonly entries: number
  /** Where the damaged journal is now. */
  readonly aside: string
}

/**
 * Makes a journal usable that a crash or the disk may have damaged. After a clean end it is opened as it is. After
 * anything else another process reads it from end to end first; where that process fails, the entries that can be
 * found in the file move to a new journal, and the damaged one stays beside it.
 */
export async function recoverJournal(directory: string): Promise<Salvage | undefined> {
  let salvage: Salvage | undefined
  if (existsSync(join(directory, MARK)) && existsSync(join(directory, JOURNAL_FILE))) {
    const check = await inspectJournal(directory)
    if (!check) salvage = await replaceJournal(directory)
  }
  await makeDirectory(directory)
  await writeFile(join(directory, MARK), String(process.pid))
  return salvage
}

/** To be called when the journal was closed in order. */
export async function markClosed(directory: string): Promise<void> {
  await rm(join(directory, MARK), { force: true })
}

/** Reads a journal from end to end in a process of its own; `undefined` where it cannot be read to its end. */
export async function inspectJournal(directory: string): Promise<JournalCheck | undefined> {
  const child = await startProcess('inspect', directory)
  let output = ''
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    output += text
  })
  await once(child, 'close')
  const found = /\{"entries":(\d+),"damaged":(\d+),"next":(\d+),"id":"([\w-]+)"\}/.exec(output)
  if (child.exitCode !== 0 || !found) return undefined
  const [entries = 0, damaged = 0, next = 1] = found.slice(1, 4).map(Number)
  return { entries, damaged, next, id: found[4] ?? '' }
}

async function replaceJournal(directory: string): Promise<Salvage> {
  const aside = `${directory}.damaged-${Date.now()}`
  await rename(directory, aside)
  // A new journal has a new id: the store reads it from its beginning and skips the spans it has.
  const journal = await Journal.open(directory)
  let entries = 0
  let appending: Promise<unknown> = Promise.resolve()
  let bytes = 0
  for await (const entry of salvageEntries(join(aside, JOURNAL_FILE))) {
    const appended = [appending, journal.append(entry)]
    appending = Promise.all(appended)
    entries++
    bytes += entry.body.byteLength
    // The disk is waited for once for many: each wait may be long.
    if (bytes < APPENDED_AT_ONCE) continue
    await appending
    bytes = 0
  }
  await appending
  await journal.close()
  diag.error(
    `The journal was damaged: ${counted(entries, 'entry was', 'entries were')} saved, the file is in ${aside}.`,
  )
  return { entries, aside }
}

import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeDirectory } from '@trace2/store'
import { startProcess } from '../threads/start.ts'
import type { JournalEntry } from './entry.ts'
import { JOURNAL_FILE, Journal, LOCK_FILE } from './journal.ts'
import { salvageEntries } from './salvage.ts'

/** Where a new journal is made of a damaged one, in the journal's directory. */
const SALVAGED = 'salvaged'
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
  /** Number of requests that were saved. */
  readonly entries: number
  /** Number of requests that are known to have been in it and could not be saved; others may have been. */
  readonly lost: number
  /** Where the damaged journal is now. */
  readonly aside: string
}

/**
 * Makes a journal usable that a crash or the disk may have damaged. Another process reads it from end to end first. Where
 * that process fails or finds damage, the entries that can be found in the file move to a new journal, and the damaged one
 * stays beside it. One damaged entry is enough: LMDB could not let go of its pages.
 */
export async function recoverJournal(directory: string): Promise<Salvage | undefined> {
  const file = join(directory, JOURNAL_FILE)
  const salvaged = join(directory, SALVAGED)
  // A start that was ended between the last two steps of a salvage.
  if (!existsSync(file) && existsSync(salvaged)) await rename(join(salvaged, JOURNAL_FILE), file)
  for (const left of [salvaged, unfinished(directory)])
    await rm(left, { recursive: true, force: true })
  await makeDirectory(directory)
  if (!existsSync(file)) return undefined
  const check = await inspectJournal(directory)
  if (check?.damaged === 0) return undefined
  return replaceJournal(directory, check?.damaged ?? 0)
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

/**
 * Other files of the directory stay where they are: the lock, and requests that are kept for people.
 *
 * @param lost number of damaged entries, where all others can be read in order.
 */
async function replaceJournal(directory: string, lost: number): Promise<Salvage> {
  // A new journal has a new id: the store reads it from its beginning and skips the spans it has.
  const found = lost > 0 ? entriesOf(directory) : salvageEntries(join(directory, JOURNAL_FILE))
  const entries = await salvageInto(unfinished(directory), found)
  await rename(unfinished(directory), join(directory, SALVAGED))
  const aside = `${directory}.damaged-${Date.now()}`
  await makeDirectory(aside)
  await rm(join(directory, LOCK_FILE), { force: true })
  await rename(join(directory, JOURNAL_FILE), join(aside, JOURNAL_FILE))
  await rename(join(directory, SALVAGED, JOURNAL_FILE), join(directory, JOURNAL_FILE))
  await rm(join(directory, SALVAGED), { recursive: true, force: true })
  return { entries, lost, aside }
}

/** Entries that can be read in order: all but the damaged ones. */
async function* entriesOf(directory: string): AsyncGenerator<JournalEntry> {
  const journal = await Journal.open(directory)
  try {
    for (const { entry } of journal.read(1)) {
      // The journal's bytes are valid until its next read.
      if (entry) yield { ...entry, body: Uint8Array.from(entry.body) }
    }
  } finally {
    await journal.close()
  }
}

/** @returns the number of entries that are in the new journal. */
async function salvageInto(directory: string, found: AsyncIterable<JournalEntry>): Promise<number> {
  const journal = await Journal.open(directory)
  let entries = 0
  let appending: Promise<unknown> = Promise.resolve()
  let bytes = 0
  for await (const entry of found) {
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
  return entries
}

function unfinished(directory: string): string {
  return join(directory, `${SALVAGED}.unfinished`)
}

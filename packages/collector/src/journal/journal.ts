import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Trace2Error } from '@trace2/core'
import { counted } from '@trace2/core'
import { ABORT, type Database, open, type RootDatabase } from 'lmdb'
import { raise } from '../errors.ts'
import { decodeEntry, encodeEntry, HEADER, type JournalEntry } from './entry.ts'
import { Room } from './room.ts'

/** An entry with its place in the journal; `undefined` where the entry is damaged. */
export interface NumberedEntry {
  readonly number: number
  readonly entry: JournalEntry | undefined
}

/** Spans in the entries below a number. */
export interface SpansBelow {
  readonly below: number
  readonly spans: number
}

export interface JournalUsage {
  readonly entries: number
  /** Bytes of the pages in use; what is freed is used again, the file does not shrink. */
  readonly bytes: number
}

/** LMDB's name for it, in the journal's directory. */
export const JOURNAL_FILE = 'data.mdb'
/** LMDB's list of who reads; made anew where there is none. */
export const LOCK_FILE = 'lock.mdb'
/** It tells at once, if it tells at all. */
const TELLING_MS = 100
const MEBIBYTE = 1024 * 1024
/** Bytes after which it is looked whether there is capacity left, at most. */
const CHECKED_EVERY = 8 * MEBIBYTE
/** Bytes free on the disk from which on nothing is done to keep them: making a file longer first costs half the speed. */
const PLENTY = 512 * MEBIBYTE
/** By how much the file grows at most, beyond what is needed. */
const GROWN_AT_ONCE = 16 * MEBIBYTE
/** Share of what the disk has that the journal takes: what it holds goes into the store's log, and then into its file. */
const SHARE_OF_DISK = 0.4
/** Trimmed in one transaction, during which nothing is acknowledged. */
const TRIMMED_AT_ONCE = 1000
/** Epochs that are remembered. */
const MOST_EPOCHS = 1000
/** What an entry takes besides its own pages, at most: a new copy of each page on the way to it. */
const PATH_BYTES = 16 * 1024

/**
 * Acknowledged requests in the order they came, numbered from 1, in an LMDB environment. Any thread of the process
 * may open it to read. Numbers are never used twice, and `id` tells one journal from another that replaced it.
 */
export class Journal {
  readonly id: string
  readonly #root: RootDatabase
  readonly #entries: Database<Buffer, number>
  readonly #offsets: Database<number, string>
  readonly #epochs: Database<string, number>
  readonly #quotaBytes: number
  readonly #room: Room
  /** Its file is gone: what is appended would be lost with this process. */
  removed = false
  #next: number
  #checkedEvery = 0
  #sinceCheck = 0
  #full = false
  #wasRefused = false
  /** Bytes of the entries that are being written. */
  #underWay = 0
  /** Bytes that can be written before it has to be seen whether the file is long enough. */
  #left = 0

  private constructor(
    root: RootDatabase,
    entries: Database<Buffer, number>,
    offsets: Database<number, string>,
    epochs: Database<string, number>,
    id: string,
    quotaBytes: number,
    room: Room,
  ) {
    this.#root = root
    this.#entries = entries
    this.#offsets = offsets
    this.#epochs = epochs
    this.id = id
    this.#quotaBytes = quotaBytes
    this.#room = room
    const [last] = entries.getKeys({ reverse: true, limit: 1 })
    // Entries that were consumed are gone, but their numbers are not free.
    this.#next = Math.max((last ?? 0) + 1, this.trimmed.below)
  }

  /** @param quotaBytes size at which {@link append} refuses. */
  static async open(directory: string, quotaBytes = Number.POSITIVE_INFINITY): Promise<Journal> {
    // Without overlapping, a write resolves when it is on disk: that is what an acknowledgement means.
    // Batches that it makes of its own accord have promises that nobody can catch: a full disk would end the process.
    const root = open({
      path: directory,
      overlappingSync: false,
      eventTurnBatching: false,
      maxDbs: 4,
      noSubdir: false,
    })
    const entries = root.openDB<Buffer, number>('entries', { encoding: 'binary' })
    const offsets = root.openDB<number, string>('offsets', {})
    const epochs = root.openDB<string, number>('epochs', {})
    const meta = root.openDB<string, string>('meta', {})
    const known = meta.get('id')
    const id = known ?? randomUUID()
    if (known === undefined) await written(meta.put('id', id))
    return new Journal(
      root,
      entries,
      offsets,
      epochs,
      id,
      quotaBytes,
      new Room(join(directory, JOURNAL_FILE)),
    )
  }

  /**
   * Begins an epoch: to be called by the one who writes, at each start. Two copies of a journal have their own epochs from
   * the moment on in which they are two, though their numbers go on alike.
   */
  async beginEpoch(): Promise<void> {
    const next = this.#next
    await written(this.#epochs.put(next, randomUUID()))
    const [oldest] = this.#epochs.getKeys({ reverse: true, offset: MOST_EPOCHS, limit: 1 })
    if (oldest !== undefined) await written(this.#epochs.remove(oldest))
  }

  /** The epoch in which an entry came in; `null` where that is not known. */
  epochOf(number: number): string | null {
    const [found] = this.#epochs.getRange({ start: number, reverse: true, limit: 1 })
    return found?.value ?? null
  }

  /** Number after the last entry of an epoch; `undefined` where this journal had no such epoch. */
  endOfEpoch(epoch: string): number | undefined {
    let isFound = false
    for (const { key, value } of this.#epochs.getRange()) {
      if (isFound) return key
      isFound = value === epoch
    }
    return isFound ? this.#next : undefined
  }

  /** Number that the next entry will have. */
  get next(): number {
    return this.#next
  }

  /**
   * Resolves with the entry's number when it is on disk.
   *
   * @throws {Trace2Error} `T2_JOURNAL_FULL` when the quota is used up; `T2_JOURNAL_WRITE` when the disk refuses.
   */
  async append(entry: JournalEntry): Promise<number> {
    if (this.removed) {
      throw raise('T2_JOURNAL_WRITE', 'The journal was removed or replaced while it was in use.')
    }
    const bytes = HEADER + entry.body.byteLength + PATH_BYTES
    this.#refuseIfFull(bytes)
    this.#underWay += bytes
    try {
      this.#left -= bytes
      if (this.#left < 0 && this.#isShort) await this.#makeRoom()
      const number = this.#next++
      await written(this.#entries.put(number, encodeEntry(entry)))
      return number
    } catch (error) {
      this.#wasRefused = true
      throw error
    } finally {
      this.#underWay -= bytes
    }
  }

  /** Entries from a number on, lazily; a reader in another thread sees what was committed when it asks. */
  *read(from: number): Generator<NumberedEntry> {
    this.#entries.resetReadTxn()
    for (const { key, value } of this.#entries.getRange({ start: from, snapshot: false })) {
      yield { number: key, entry: decodeEntry(value) }
    }
  }

  /** First number that `consumer` has not consumed. */
  offset(consumer: string): number {
    return this.#offsets.get(`consumer:${consumer}`) ?? 1
  }

  async setOffset(consumer: string, next: number): Promise<void> {
    await written(this.#offsets.put(`consumer:${consumer}`, next))
  }

  /** What was forgotten: the entries below a number, with so many spans. */
  get trimmed(): SpansBelow {
    return {
      below: this.#offsets.get('trimmed') ?? 1,
      spans: this.#offsets.get('trimmedSpans') ?? 0,
    }
  }

  /**
   * Forgets entries below a number.
   *
   * @param spans in all entries below that number since the journal began, as far as it is known.
   */
  async trim(below: number, spans = 0): Promise<void> {
    const { spans: known } = this.trimmed
    for (;;) {
      if (this.#isShort) await this.#makeRoom()
      const numbers = [...this.#entries.getKeys({ end: below, limit: TRIMMED_AT_ONCE })]
      const last = numbers.at(-1)
      if (last === undefined) return
      await written(
        this.#entries.batch(() => {
          // They succeed or fail with the batch.
          for (const number of numbers) this.#entries.remove(number).catch(ignored)
          this.#offsets.put('trimmed', last + 1).catch(ignored)
          this.#offsets.put('trimmedSpans', Math.max(spans, known)).catch(ignored)
        }),
      )
      this.#checkedEvery = 0
    }
  }

  /**
   * Goes through what forgetting everything takes, and changes nothing.
   *
   * @throws what LMDB says of pages that are damaged.
   */
  tryTrimming(): void {
    this.#root.transactionSync(() => {
      for (const number of this.#entries.getKeys()) this.#entries.removeSync(number)
      return ABORT
    })
  }

  /** Bytes that it may use: its quota, or its share of what the disk has. */
  get capacity(): number {
    return Math.min(this.#quotaBytes, Math.floor(this.#room.possible * SHARE_OF_DISK))
  }

  usage(): JournalUsage {
    const { entries, bytes } = this.#sizes()
    return { entries, bytes }
  }

  async close(): Promise<void> {
    await this.#root.close()
  }

  #refuseIfFull(bytes: number): void {
    this.#sinceCheck += bytes
    if (this.#full || this.#sinceCheck >= this.#checkedEvery) {
      const { capacity } = this
      this.#full = this.usage().bytes + bytes > capacity
      this.#checkedEvery = Math.min(capacity / 16, CHECKED_EVERY)
      this.#sinceCheck = 0
    }
    if (this.#full) {
      throw raise(
        'T2_JOURNAL_FULL',
        `The journal has all ${counted(this.capacity, 'byte')} that its quota and the disk allow.`,
      )
    }
  }

  /**
   * Makes the file long enough for what is under way, and for forgetting: LMDB changes no page in place, and on a disk
   * that is full to the last byte it could never let go of what has been consumed. Its write must not fail either:
   * after some that did, it has been seen to end the process over memory it had damaged.
   */
  async #makeRoom(): Promise<void> {
    const { bytes, end } = this.#sizes()
    const needed = end + this.#underWay + reserve(end)
    if (needed > this.#room.length) {
      try {
        await this.#room.growTo(needed + Math.min(MEBIBYTE + end / 16, GROWN_AT_ONCE))
      } catch (error) {
        // Pages that are free inside the file will do, of which only some lie side by side.
        const enough = end - bytes > 4 * this.#underWay + reserve(end)
        if (needed > this.#room.length && !enough) throw refusal(error)
      }
    }
    this.#left = this.#room.length - this.#sizes().end - this.#underWay - reserve(end)
  }

  /** Whether the disk may refuse. A quota or a limit on files shows only when it does. */
  get #isShort(): boolean {
    return this.#wasRefused || this.#room.free < PLENTY
  }

  #sizes(): JournalUsage & { readonly end: number } {
    const stats: Record<string, unknown> = { ...this.#entries.getStats() }
    const count = (name: string) => Number(stats[name] ?? 0)
    const pages = count('treeBranchPageCount') + count('treeLeafPageCount') + count('overflowPages')
    const [page, last] = [count('pageSize'), count('lastPageNumber')]
    return { entries: count('entryCount'), bytes: pages * page, end: (last + 1) * page }
  }
}

/** Bytes that forgetting may take: a list of the freed pages, of eight bytes each, and copies of some pages. */
function reserve(end: number): number {
  return MEBIBYTE + end / 128
}

/**
 * Resolves when it is on disk.
 *
 * @throws {Trace2Error} `T2_JOURNAL_WRITE` with what the disk said, which LMDB tells in a promise of its own.
 */
async function written(writing: Promise<unknown>): Promise<void> {
  try {
    await writing
  } catch (error) {
    const told: unknown = Reflect.get(Object(error), 'commitError')
    const commitError =
      told instanceof Promise ? told.then(ignored, (said: unknown) => said) : error
    throw refusal((await Promise.race([commitError, setTimeout(TELLING_MS)])) ?? error)
  }
}

function refusal(cause: unknown): Trace2Error {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return raise('T2_JOURNAL_WRITE', `The journal cannot be written: ${reason}`, { cause })
}

function ignored(): void {}

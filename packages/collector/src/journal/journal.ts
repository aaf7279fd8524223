import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { type Database, open, type RootDatabase } from 'lmdb'
import { raise } from '../errors.ts'
import { decodeEntry, encodeEntry, type JournalEntry } from './entry.ts'

/** An entry with its place in the journal; `undefined` where the entry is damaged. */
export interface NumberedEntry {
  readonly number: number
  readonly entry: JournalEntry | undefined
}

export interface JournalUsage {
  readonly entries: number
  /** Bytes of the pages in use; what is freed is used again, the file does not shrink. */
  readonly bytes: number
}

/** It tells at once, if it tells at all. */
const TELLING_MS = 100
const QUOTA_CHECK_EVERY_BYTES = 8 * 1024 * 1024

/**
 * Acknowledged requests in the order they came, numbered from 1, in an LMDB environment. Any thread of the process
 * may open it to read. Numbers are never used twice, and `id` tells one journal from another that replaced it.
 */
export class Journal {
  readonly id: string
  readonly #root: RootDatabase
  readonly #entries: Database<Buffer, number>
  readonly #offsets: Database<number, string>
  readonly #quotaBytes: number
  #next: number
  #sinceCheck = Number.POSITIVE_INFINITY
  #full = false

  private constructor(
    root: RootDatabase,
    entries: Database<Buffer, number>,
    offsets: Database<number, string>,
    id: string,
    quotaBytes: number,
  ) {
    this.#root = root
    this.#entries = entries
    this.#offsets = offsets
    this.id = id
    this.#quotaBytes = quotaBytes
    const [last] = entries.getKeys({ reverse: true, limit: 1 })
    // Entries that were consumed are gone, but their numbers are not free.
    const trimmed = offsets.get('trimmed') ?? 1
    this.#next = Math.max((last ?? 0) + 1, trimmed)
  }

  /** @param quotaBytes size at which {@link append} refuses. */
  static async open(directory: string, quotaBytes = Number.POSITIVE_INFINITY): Promise<Journal> {
    // Without overlapping, a write resolves when it is on disk: that is what an acknowledgement means.
    // Batches that it makes of its own accord have promises that nobody can catch: a full disk would end the process.
    const root = open({
      path: directory,
      overlappingSync: false,
      eventTurnBatching: false,
      maxDbs: 3,
      noSubdir: false,
    })
    const entries = root.openDB<Buffer, number>('entries', { encoding: 'binary' })
    const offsets = root.openDB<number, string>('offsets', {})
    const meta = root.openDB<string, string>('meta', {})
    const known = meta.get('id')
    const id = known ?? randomUUID()
    if (known === undefined) await written(meta.put('id', id))
    return new Journal(root, entries, offsets, id, quotaBytes)
  }

  /** Never gives a number below this one: the store has come further than this copy of the journal knows. */
  continueFrom(number: number): void {
    this.#next = Math.max(this.#next, number)
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
    this.#refuseIfFull(entry.body.byteLength)
    const number = this.#next++
    await written(this.#entries.put(number, encodeEntry(entry)))
    return number
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

  /** Forgets entries below a number. */
  async trim(below: number): Promise<void> {
    const numbers = [...this.#entries.getKeys({ end: below })]
    if (numbers.length === 0) return
    await written(
      this.#entries.batch(() => {
        // They succeed or fail with the batch.
        for (const number of numbers) this.#entries.remove(number).catch(ignored)
        this.#offsets.put('trimmed', below).catch(ignored)
      }),
    )
    this.#sinceCheck = Number.POSITIVE_INFINITY
  }

  usage(): JournalUsage {
    const stats: Record<string, unknown> = { ...this.#entries.getStats() }
    const count = (name: string) => Number(stats[name] ?? 0)
    const pages = count('treeBranchPageCount') + count('treeLeafPageCount') + count('overflowPages')
    return { entries: count('entryCount'), bytes: pages * count('pageSize') }
  }

  async close(): Promise<void> {
    await this.#root.close()
  }

  #refuseIfFull(bytes: number): void {
    this.#sinceCheck += bytes
    if (this.#full || this.#sinceCheck >= Math.min(QUOTA_CHECK_EVERY_BYTES, this.#quotaBytes / 8)) {
      this.#full = this.usage().bytes + bytes > this.#quotaBytes
      this.#sinceCheck = 0
    }
    if (this.#full) {
      throw raise(
        'T2_JOURNAL_FULL',
        `The journal has reached its quota of ${this.#quotaBytes} bytes.`,
      )
    }
  }
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
    const cause = (await Promise.race([commitError, setTimeout(TELLING_MS)])) ?? error
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw raise('T2_JOURNAL_WRITE', `The journal cannot be written: ${reason}`, { cause })
  }
}

function ignored(): void {}

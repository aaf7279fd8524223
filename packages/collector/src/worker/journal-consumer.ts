import { diag } from '@opentelemetry/api'
import { Trace2Error } from '@trace2/instrumentation/semconv'
import type { JournalEntry } from '../journal/entry.ts'
import type { Journal } from '../journal/journal.ts'
import { decodeLogs, decodeTraces } from '../otlp/decode.ts'
import type { LogRecord } from '../otlp/logs.ts'
import type { OpenDatabase } from '../store/duckdb/duckdb-store.ts'
import { type PreparedSpan, prepared } from '../store/duckdb/span-writer.ts'

/** Spans written in one transaction: large enough to be quick, small enough that a reader waits little. */
const SPANS_AT_ONCE = 8192
const ENTRIES_AT_ONCE = 256
const RETRY_MS = 1000

export interface ConsumerCounts {
  stored: number
  duplicates: number
  /** Spans that were acknowledged as unreadable already, and are skipped. */
  rejected: number
  /** Entries whose bytes are damaged: lost, and said to be. */
  damagedEntries: number
  failedWrites: number
  lastCommitMs: number
}

/** Entries of the journal, decoded. */
interface ReadBatch {
  readonly spans: PreparedSpan[]
  readonly logs: LogRecord[]
  receivedNs: bigint
  entries: number
  /** Spans that cannot be read, and entries. */
  rejected: number
  damaged: number
  /** Number after the last entry. */
  next: number
}

function emptyBatch(next: number): ReadBatch {
  return { spans: [], logs: [], receivedNs: 0n, entries: 0, rejected: 0, damaged: 0, next }
}

function isFull({ spans, logs, entries }: ReadBatch): boolean {
  return spans.length + logs.length >= SPANS_AT_ONCE || entries >= ENTRIES_AT_ONCE
}

function decodeInto(batch: ReadBatch, { signal, body, encoding }: JournalEntry): void {
  try {
    if (signal === 'logs') {
      for (const record of decodeLogs(body, encoding).records) batch.logs.push(record)
    } else {
      const { spans, rejected } = decodeTraces(body, encoding)
      for (const span of spans) batch.spans.push(prepared(span))
      batch.rejected += rejected
    }
  } catch (error) {
    if (!(error instanceof Trace2Error)) throw error
    batch.rejected++
  }
}

/** Writes a journal's entries into the store, in order, each once. */
export class JournalConsumer {
  readonly counts: ConsumerCounts = {
    stored: 0,
    duplicates: 0,
    rejected: 0,
    damagedEntries: 0,
    failedWrites: 0,
    lastCommitMs: 0,
  }
  readonly #journal: Journal
  readonly #open: OpenDatabase
  readonly #name: string
  readonly #waiting: { readonly after: number; readonly resolve: () => void }[] = []
  #next: number
  /** Entries after those that are being written. */
  #ahead: ReadBatch | undefined
  #running: Promise<void> | undefined
  #wanted = false
  #stopped = false

  private constructor(journal: Journal, open: OpenDatabase, name: string, next: number) {
    this.#journal = journal
    this.#open = open
    this.#name = name
    this.#next = next
  }

  static async create(journal: Journal, open: OpenDatabase): Promise<JournalConsumer> {
    // The journal's id is part of the name: numbers of another journal say nothing about this one.
    const name = `store:${journal.id}`
    const query = 'SELECT next_entry FROM journal_offset WHERE consumer = $1'
    const [row] = await open.database.rows(query, [name])
    return new JournalConsumer(journal, open, name, Number(row?.next_entry ?? 1))
  }

  /** Number of the first entry that is not yet in the store. */
  get next(): number {
    return this.#next
  }

  /** Looks for new entries, now or when the current round is done. */
  wake(): void {
    this.#wanted = true
    if (!this.#stopped)
      this.#running ??= this.#run().finally(() => {
        this.#running = undefined
      })
  }

  /** Resolves when all entries below `number` are in the store, or when the time is up. */
  async reached(number: number, timeoutMs: number): Promise<void> {
    if (this.#next >= number) return
    this.wake()
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs)
      const done = () => {
        clearTimeout(timer)
        resolve()
      }
      this.#waiting.push({ after: number, resolve: done })
    })
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#running
  }

  async #run(): Promise<void> {
    while (this.#wanted && !this.#stopped) {
      this.#wanted = false
      try {
        while (!this.#stopped && (await this.#writeSome()));
      } catch (error) {
        this.counts.failedWrites++
        diag.error(`The store cannot be written and is tried again: ${String(error)}`)
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
        this.#wanted = true
      }
    }
  }

  /** Writes the next entries in one transaction; `false` where there are none. */
  async #writeSome(): Promise<boolean> {
    const batch = this.#ahead ?? emptyBatch(this.#next)
    this.#ahead = undefined
    this.#read(batch)
    if (batch.next === this.#next) return false
    const before = performance.now()
    const { spans, logs, receivedNs, next } = batch
    const progress = { consumer: this.#name, next }
    // While the disk is waited for, the next entries are read: decoding takes about as long as a commit.
    const readAhead = () => {
      this.#ahead = emptyBatch(next)
      this.#read(this.#ahead)
    }
    try {
      const { writer } = this.#open
      const result = await writer.write({ spans, logs, receivedNs, progress }, readAhead)
      this.counts.stored += result.accepted
      this.counts.duplicates += result.duplicates
    } catch (error) {
      this.#ahead = undefined
      throw error
    }
    this.counts.lastCommitMs = performance.now() - before
    this.counts.rejected += batch.rejected
    this.counts.damagedEntries += batch.damaged
    this.#advance(next)
    return true
  }

  /** Adds the journal's next entries to a batch until it is full. */
  #read(batch: ReadBatch): void {
    if (isFull(batch)) return
    for (const { number, entry } of this.#journal.read(batch.next)) {
      batch.next = number + 1
      batch.entries++
      if (entry) {
        batch.receivedNs = entry.receivedNs
        decodeInto(batch, entry)
      } else {
        batch.damaged++
        diag.error(`Entry ${number} of the journal is damaged; its request is lost.`)
      }
      if (isFull(batch)) break
    }
  }

  #advance(next: number): void {
    this.#next = next
    for (let i = this.#waiting.length - 1; i >= 0; i--) {
      const waiting = this.#waiting[i]
      if (!waiting || waiting.after > next) continue
      this.#waiting.splice(i, 1)
      waiting.resolve()
    }
  }
}

import { setImmediate } from 'node:timers/promises'
import { diag } from '@opentelemetry/api'
import { Trace2Error } from '@trace2/instrumentation/semconv'
import type { Journal, NumberedEntry } from '../journal/journal.ts'
import { decodeLogs, decodeTraces } from '../otlp/decode.ts'
import type { LogRecord } from '../otlp/logs.ts'
import type { SpanRecord } from '../otlp/model.ts'
import type { OpenDatabase } from '../store/duckdb/duckdb-store.ts'
import type { PreparedSpan } from '../store/duckdb/insert-spans.ts'
import { prepared } from '../store/duckdb/span-writer.ts'

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

/** One entry of the journal, decoded. */
interface ReadEntry {
  /** Number after it. */
  readonly next: number
  readonly receivedNs: bigint
  readonly spans: readonly SpanRecord[]
  readonly logs: readonly LogRecord[]
  readonly rejected: number
  readonly damaged: boolean
}

/** Entries that are written in one transaction, counted as they are read. */
interface Batch {
  next: number
  entries: number
  records: number
  rejected: number
  damaged: number
  readonly logs: LogRecord[]
}

function decoded({ number, entry }: NumberedEntry): ReadEntry {
  const read = { next: number + 1, receivedNs: entry?.receivedNs ?? 0n, spans: [], logs: [] }
  if (!entry) {
    diag.error(`Entry ${number} of the journal is damaged; its request is lost.`)
    return { ...read, rejected: 0, damaged: true }
  }
  const { signal, body, encoding } = entry
  try {
    if (signal === 'logs') {
      return { ...read, logs: decodeLogs(body, encoding).records, rejected: 0, damaged: false }
    }
    return { ...read, ...decodeTraces(body, encoding), damaged: false }
  } catch (error) {
    if (!(error instanceof Trace2Error)) throw error
    return { ...read, rejected: 1, damaged: false }
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
  /** Entries after those that are being written, read while the disk is waited for. */
  #ahead: ReadEntry[] = []
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
    const [first] = this.#ahead.length > 0 ? this.#ahead : this.#journal.read(this.#next)
    if (!first) return false
    const before = performance.now()
    const batch = { next: this.#next, entries: 0, records: 0, rejected: 0, damaged: 0, logs: [] }
    try {
      const { writer } = this.#open
      const written = await writer.write(
        {
          spans: this.#spansOf(batch),
          logs: () => batch.logs,
          progress: () => ({ consumer: this.#name, next: batch.next }),
        },
        (committed) => this.#readAhead(batch.next, committed),
      )
      this.counts.stored += written.accepted
      this.counts.duplicates += written.duplicates
    } catch (error) {
      this.#ahead = []
      throw error
    }
    this.counts.lastCommitMs = performance.now() - before
    this.counts.rejected += batch.rejected
    this.counts.damagedEntries += batch.damaged
    this.#advance(batch.next)
    return true
  }

  /** Spans of the next entries, one by one, until the batch is full. Logs are put aside. */
  *#spansOf(batch: Batch): Generator<PreparedSpan> {
    for (const entry of this.#entries(batch.next)) {
      batch.next = entry.next
      batch.entries++
      batch.records += entry.spans.length + entry.logs.length
      batch.rejected += entry.rejected
      if (entry.damaged) batch.damaged++
      for (const record of entry.logs) batch.logs.push(record)
      yield* prepared(entry.spans, entry.receivedNs)
      if (batch.records >= SPANS_AT_ONCE || batch.entries >= ENTRIES_AT_ONCE) return
    }
  }

  *#entries(from: number): Generator<ReadEntry> {
    let next = from
    for (let entry = this.#ahead.shift(); entry; entry = this.#ahead.shift()) {
      next = entry.next
      yield entry
    }
    for (const entry of this.#journal.read(next)) yield decoded(entry)
  }

  /** Decodes entries until the transaction is committed: that takes about as long as a commit does. */
  async #readAhead(from: number, committed: Promise<unknown>): Promise<void> {
    const done = new AbortController()
    const end = () => done.abort()
    committed.then(end, end)
    let records = 0
    for (const entry of this.#journal.read(from)) {
      const read = decoded(entry)
      this.#ahead.push(read)
      records += read.spans.length + read.logs.length
      await setImmediate()
      if (done.signal.aborted || records >= SPANS_AT_ONCE) return
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

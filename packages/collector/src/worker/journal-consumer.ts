import { diag } from '@opentelemetry/api'
import { Trace2Error } from '@trace2/instrumentation/semconv'
import type { JournalEntry } from '../journal/entry.ts'
import type { Journal } from '../journal/journal.ts'
import { decodeLogs, decodeTraces } from '../otlp/decode.ts'
import type { LogRecord } from '../otlp/logs.ts'
import type { SpanRecord } from '../otlp/model.ts'
import type { OpenDatabase } from '../store/duckdb/duckdb-store.ts'

/** Spans written in one transaction: large enough to be quick, small enough that a reader waits little. */
const SPANS_AT_ONCE = 4096
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
    const spans: SpanRecord[] = []
    const logs: LogRecord[] = []
    let next = this.#next
    let receivedNs = 0n
    let entries = 0
    for (const { number, entry } of this.#journal.read(this.#next)) {
      next = number + 1
      entries++
      if (entry) {
        receivedNs = entry.receivedNs
        this.#take(entry, spans, logs)
      } else this.#damaged(number)
      if (spans.length + logs.length >= SPANS_AT_ONCE || entries >= ENTRIES_AT_ONCE) break
    }
    if (entries === 0) return false
    const before = performance.now()
    const progress = { consumer: this.#name, next }
    const { accepted, duplicates } = await this.#open.writer.write(
      spans,
      receivedNs,
      progress,
      logs,
    )
    this.counts.lastCommitMs = performance.now() - before
    this.counts.stored += accepted
    this.counts.duplicates += duplicates
    this.#advance(next)
    return true
  }

  #take({ signal, body, encoding }: JournalEntry, spans: SpanRecord[], logs: LogRecord[]): void {
    try {
      if (signal === 'logs') logs.push(...decodeLogs(body, encoding).records)
      else {
        const decoded = decodeTraces(body, encoding)
        this.counts.rejected += decoded.rejected
        for (const span of decoded.spans) spans.push(span)
      }
    } catch (error) {
      if (!(error instanceof Trace2Error)) throw error
      this.counts.rejected++
    }
  }

  #damaged(number: number): void {
    this.counts.damagedEntries++
    diag.error(`Entry ${number} of the journal is damaged; its request is lost.`)
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

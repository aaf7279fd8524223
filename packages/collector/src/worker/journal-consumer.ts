import { setImmediate } from 'node:timers/promises'
import { diag } from '@opentelemetry/api'
import { Trace2Error } from '@trace2/instrumentation/semconv'
import type { Journal, NumberedEntry } from '../journal/journal.ts'
import { decodeLogs, decodeTraces, eachSpan } from '../otlp/decode.ts'
import type { SpanRecord } from '../otlp/model.ts'
import { keepDiskRoom } from '../store/duckdb/disk-room.ts'
import type { OpenDatabase } from '../store/duckdb/duckdb-store.ts'
import { callFailure } from '../store/duckdb/failure.ts'
import type { SpanBatch } from '../store/duckdb/span-batch.ts'
import type { Turn } from '../store/duckdb/span-writer.ts'
import { Isolation } from './isolation.ts'

/** Spans written in one transaction: large enough to be quick, small enough that a reader waits little. */
const SPANS_AT_ONCE = 16_384
/** A request up to this size is read and added span by span; a longer one would hold up what else the thread does. */
const BYTES_IN_A_TURN = 2 * 1024 * 1024
const RETRY_MS = 1000
/** Failed transactions in a row after which the store counts as failing. */
export const FAILURES = 3

export interface ConsumerCounts {
  stored: number
  duplicates: number
  /** Spans that were acknowledged as unreadable already, and are skipped. */
  rejected: number
  /** Entries whose bytes are damaged: lost, and said to be. */
  damagedEntries: number
  failedWrites: number
  /** Requests that could not be stored, and are kept in files. */
  setAside: number
  lastCommitMs: number
}

/** Entries that are written in one transaction. */
interface Filled {
  readonly batch: SpanBatch
  /** Number after the last of them. */
  next: number
  entries: number
  records: number
  /** Spans that cannot be read, and entries. */
  rejected: number
  damaged: number
}

/** Writes a journal's entries into the store, in order, each once. */
export class JournalConsumer {
  readonly counts: ConsumerCounts = {
    stored: 0,
    duplicates: 0,
    rejected: 0,
    damagedEntries: 0,
    failedWrites: 0,
    setAside: 0,
    lastCommitMs: 0,
  }
  /** Told when there is nothing left to write. */
  onIdle: () => void = () => undefined
  readonly #journal: Journal
  readonly #open: OpenDatabase
  readonly #name: string
  readonly #isolation: Isolation
  readonly #waiting: { readonly after: number; readonly resolve: () => void }[] = []
  #next: number
  #running: Promise<void> | undefined
  #failures = 0
  #problem = ''
  #wanted = false
  #stopped = false

  private constructor(
    journal: Journal,
    open: OpenDatabase,
    isolation: Isolation,
    name: string,
    next: number,
  ) {
    this.#journal = journal
    this.#open = open
    this.#isolation = isolation
    this.#name = name
    this.#next = next
  }

  /** @param unstored directory for requests that cannot be stored. */
  static async create(
    journal: Journal,
    open: OpenDatabase,
    unstored: string,
  ): Promise<JournalConsumer> {
    // The journal's id is part of the name: numbers of another journal say nothing about this one.
    const name = `store:${journal.id}`
    const query = 'SELECT next_entry FROM journal_offset WHERE consumer = $1'
    const [row] = await open.database.rows(query, [name])
    const isolation = new Isolation(journal, unstored)
    return new JournalConsumer(journal, open, isolation, name, Number(row?.next_entry ?? 1))
  }

  /** Why the latest transactions have failed, where some did in a row. */
  get problem(): string | undefined {
    return this.#failures < FAILURES ? undefined : this.#problem
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
        this.onIdle()
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
        await this.#writeSome()
      } catch (error) {
        this.counts.failedWrites++
        this.#failures++
        this.#problem = callFailure(error).message
        diag.error(`The store cannot be written and is tried again: ${String(error)}`)
        const again = await this.#isolation.failed(error, this.#next).catch(() => false)
        this.counts.setAside = this.#isolation.count
        if (!again) await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
        this.#wanted = true
      }
    }
  }

  /**
   * Writes entries until there are no more or somebody else wants to write. While the disk is waited for, the next
   * transaction is filled.
   */
  #writeSome(): Promise<void> {
    return this.#open.writer.inTurn(async (turn) => {
      let filled = await this.#fill(turn, this.#next)
      while (filled) {
        const committed = this.#commit(filled)
        // Others get their turn between two transactions.
        const ends = this.#stopped || turn.othersWait()
        if (ends) this.#wanted = true
        const following = ends ? undefined : this.#fill(turn, filled.next)
        const [commit, fill] = await Promise.allSettled([committed, following])
        const next = fill.status === 'fulfilled' ? fill.value : undefined
        if (commit.status === 'rejected') {
          next?.batch.discard()
          throw commit.reason
        }
        if (fill.status === 'rejected') throw fill.reason
        filled = next
      }
    })
  }

  /** Takes entries from a number on, as many as one transaction may have; `undefined` where there are none. */
  async #fill(turn: Turn, from: number): Promise<Filled | undefined> {
    let [read] = this.#journal.read(from)
    if (!read) return undefined
    await keepDiskRoom(this.#open)
    const batch = await turn.open()
    const filled = { batch, next: from, entries: 0, records: 0, rejected: 0, damaged: 0 }
    try {
      while (read) {
        await this.#take(read, filled)
        if (filled.records >= SPANS_AT_ONCE || filled.entries >= this.#isolation.atOnce) break
        await setImmediate()
        ;[read] = this.#journal.read(filled.next)
      }
    } catch (error) {
      batch.discard()
      throw error
    }
    return filled
  }

  async #take({ number, entry }: NumberedEntry, filled: Filled): Promise<void> {
    filled.next = number + 1
    filled.entries++
    if (this.#isolation.has(number)) return
    if (!entry) {
      filled.damaged++
      diag.error(`Entry ${number} of the journal is damaged; its request is lost.`)
      return
    }
    const { signal, body, encoding, receivedNs } = entry
    const { batch } = filled
    try {
      if (signal === 'logs') {
        const { records } = decodeLogs(body, encoding)
        batch.addLogs(records)
        filled.records += records.length
      } else if (body.byteLength > BYTES_IN_A_TURN) {
        const { spans, rejected } = decodeTraces(body, encoding)
        await batch.addSpans(spans, receivedNs)
        filled.records += spans.length
        filled.rejected += rejected
      } else {
        const add = (span: SpanRecord) => batch.addSpan(span, receivedNs)
        const { taken, rejected } = eachSpan(body, encoding, add)
        filled.records += taken
        filled.rejected += rejected
      }
    } catch (error) {
      if (!(error instanceof Trace2Error)) throw error
      filled.rejected++
    }
  }

  async #commit({ batch, next, rejected, damaged }: Filled): Promise<void> {
    const before = performance.now()
    const { accepted, duplicates } = await batch.commit({ consumer: this.#name, next })
    this.counts.lastCommitMs = performance.now() - before
    this.#isolation.committed()
    this.#failures = 0
    this.counts.stored += accepted
    this.counts.duplicates += duplicates
    this.counts.rejected += rejected
    this.counts.damagedEntries += damaged
    this.#advance(next)
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

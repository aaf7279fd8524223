import { diag } from '@opentelemetry/api'
import type { Engine, Ingest, JournalProgress } from '@trace2/store/engines'
import type { Incident } from '../incidents/incidents.ts'
import type { Journal } from '../journal/journal.ts'
import { type Beginning, beginningOf, consumerOf } from './beginning.ts'
import type { EntriesPreparer, PreparedEntries } from './entry-preparer.ts'
import { PoisonRequests } from './poison-requests.ts'

/** Transactions that are prepared, or asked for, while one is written. */
const AHEAD = 2
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

export interface ConsumerOptions {
  /** Directory for requests that cannot be stored. */
  readonly unstored: string
  /** The journal was made of a damaged one just now. */
  readonly isNew: boolean
  /** Told where the database and the journal do not fit together. */
  readonly onIncident: (incident: Incident) => void
}

/** What the consumer needs of an engine. */
export interface WritingEngine extends Pick<Engine, 'failure'> {
  readonly ingest: Pick<Ingest, 'inTurn' | 'commit' | 'discard' | 'journalProgress' | 'requireRoom'>
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
  readonly #engine: WritingEngine
  readonly #preparer: EntriesPreparer
  readonly #name: string
  readonly #poison: PoisonRequests
  readonly #waiting: { readonly after: number; readonly resolve: () => void }[] = []
  #next: number
  #spans: number
  #running: Promise<void> | undefined
  #failures = 0
  #problem = ''
  #wanted = false
  #stopped = false

  private constructor(
    journal: Journal,
    engine: WritingEngine,
    preparer: EntriesPreparer,
    poison: PoisonRequests,
    { next, spans }: Pick<Beginning, 'next' | 'spans'>,
  ) {
    this.#journal = journal
    this.#engine = engine
    this.#preparer = preparer
    this.#poison = poison
    this.#name = consumerOf(journal.id)
    this.#next = next
    this.#spans = spans
  }

  /**
   * @param preparer the one that the engine prepares with, too.
   */
  static async create(
    journal: Journal,
    engine: WritingEngine,
    preparer: EntriesPreparer,
    { unstored, isNew, onIncident }: ConsumerOptions,
  ): Promise<JournalConsumer> {
    const consumer = consumerOf(journal.id)
    const stored = await engine.ingest.journalProgress()
    const beginning = beginningOf(journal, stored, { consumer, isNew })
    const poison = new PoisonRequests(journal, unstored)
    await poison.recall(beginning.next)
    const created = new JournalConsumer(journal, engine, preparer, poison, beginning)
    if (beginning.incident) {
      // Once: the next start finds both in agreement.
      await created.#commitPlace()
      onIncident(beginning.incident)
    }
    return created
  }

  async #commitPlace(): Promise<void> {
    const { ingest } = this.#engine
    const nothing = await this.#preparer.records([], [], 0n)
    await ingest.inTurn(() => ingest.commit(nothing, this.#progress(this.#next, this.#spans)))
  }

  #progress(next: number, spans: number): JournalProgress {
    return { consumer: this.#name, next, spans, epoch: this.#journal.epochOf(next - 1) }
  }

  /** Why the latest transactions have failed, where some did in a row. */
  get problem(): string | undefined {
    return this.#failures < FAILURES ? undefined : this.#problem
  }

  /** Whether it writes, or is about to. */
  get busy(): boolean {
    return this.#running !== undefined
  }

  /** Number of the first entry that is not yet in the store. */
  get next(): number {
    return this.#next
  }

  /** Spans in the entries before it. */
  get spans(): number {
    return this.#spans
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

  /** Sets a request aside that takes too long to be read. It is not read again, after a restart neither. */
  async setAside(entry: number, error: Error): Promise<void> {
    await this.#poison.tooSlow(entry, error)
    this.counts.setAside = this.#poison.count
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
        // The rest is in the journal for the next start.
        if (this.#stopped) return
        this.counts.failedWrites++
        this.#failures++
        const failure = this.#engine.failure(error)
        this.#problem = failure.error.message
        diag.error(`The store cannot be written and is tried again: ${String(error)}`)
        const again = await this.#poison.failed(failure, this.#next).catch(() => false)
        this.counts.setAside = this.#poison.count
        if (!again) await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
        this.#wanted = true
      }
    }
  }

  /**
   * Writes entries until there are no more or somebody else wants to write. While one transaction is written, the next
   * ones are prepared.
   */
  #writeSome(): Promise<void> {
    return this.#engine.ingest.inTurn(async (turn) => {
      const asked: Promise<PreparedEntries | undefined>[] = []
      const ask = (from?: number) => {
        const { atOnce, excluded } = this.#poison
        const entries = this.#preparer.entries({ from, atOnce, excluded })
        // What is not waited for yet is told of when it is.
        entries.catch(() => undefined)
        asked.push(entries)
      }
      ask(this.#next)
      while (asked.length < AHEAD) ask()
      try {
        for (let next = asked.shift(); next; next = asked.shift()) {
          const entries = await next
          if (!entries) continue
          // Others get their turn between two transactions.
          if (this.#stopped || turn.contended) this.#wanted = true
          else ask()
          await this.#commit(entries)
        }
      } catch (error) {
        for (const outcome of await Promise.allSettled(asked)) {
          const entries = outcome.status === 'fulfilled' ? outcome.value : undefined
          if (entries) this.#engine.ingest.discard(entries.prepared)
        }
        throw error
      }
    })
  }

  async #commit({ prepared, next, taken, rejected, damaged }: PreparedEntries): Promise<void> {
    const { ingest } = this.#engine
    try {
      await ingest.requireRoom()
    } catch (error) {
      ingest.discard(prepared)
      throw error
    }
    const before = performance.now()
    // How many there are is known before it is known which of them are new.
    const spans = this.#spans + taken
    const { accepted, duplicates } = await ingest.commit(prepared, this.#progress(next, spans))
    this.#spans = spans
    this.counts.lastCommitMs = performance.now() - before
    this.#poison.committed()
    this.#failures = 0
    this.counts.stored += accepted
    this.counts.duplicates += duplicates
    this.counts.rejected += rejected
    for (const number of damaged) {
      diag.error(`Entry ${number} of the journal is damaged; its request is lost.`)
    }
    this.counts.damagedEntries += damaged.length
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

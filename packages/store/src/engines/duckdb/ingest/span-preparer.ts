import { setImmediate } from 'node:timers/promises'
import type { LogRecord, SpanRecord } from '../../../otlp/index.ts'
import { canonicalRows, concernsRun } from '../../../reading/index.ts'
import type {
  BatchPreparer,
  Preparation,
  Prepared,
  PreparerOptions,
  Settled,
} from '../../engine.ts'
import { type Collected, SpanCollector, type SpanLayout } from './collected-spans.ts'
import { KnownSpans } from './known-spans.ts'
import { SpanList, WORDS, wordsOf } from './span-set.ts'

/** After so many spans whatever else the thread has to do comes first. */
const SPANS_IN_A_TURN = 512

/** What a database says of itself when it is opened. */
export interface StoredSpans {
  readonly layout: SpanLayout
  /** Latest start of a stored span. */
  readonly horizon: bigint
  /** Nothing is looked for in a store that no log ever came to. */
  readonly anyNotes: boolean
}

/** A span of which the database has to be asked something first. */
export interface HeldSpan {
  readonly record: SpanRecord
  readonly receivedNs: bigint
}

/** What one transaction is to write. */
export interface PreparedSpans extends Prepared {
  readonly collected: Collected
  readonly held: readonly HeldSpan[]
  readonly logs: readonly LogRecord[]
  /** Spans that are known to be stored, or to be written before. */
  readonly duplicates: number
  /** Whether notes may wait for the spans. */
  readonly anyNotes: boolean
}

/** What is left of it when the transaction is over: the memory that the preparer uses again. */
export interface SettledSpans extends Settled {
  readonly collected: Pick<Collected, 'spans' | 'uses'>
}

interface SpanPreparation extends Preparation {
  end(): PreparedSpans
}

/**
 * Finds out which spans are new and lays them out as rows, without asking the database: it can be in another thread
 * than that.
 */
export class SpanPreparer implements BatchPreparer {
  readonly #known: KnownSpans
  readonly #collector: SpanCollector
  readonly #words = new Uint32Array(WORDS)
  /** The spans of each transaction that is not settled. */
  readonly #added = new Map<number, SpanList>()
  #anyNotes: boolean
  #ids = 0

  constructor({ layout, horizon, anyNotes }: StoredSpans, { keptBytes }: PreparerOptions = {}) {
    this.#known = new KnownSpans(horizon)
    this.#collector = new SpanCollector(layout, keptBytes)
    this.#anyNotes = anyNotes
  }

  begin(): SpanPreparation {
    const id = this.#ids++
    const added = new SpanList()
    const held: HeldSpan[] = []
    const logs: LogRecord[] = []
    let duplicates = 0
    this.#added.set(id, added)
    return {
      addSpan: (record, receivedNs) => {
        const { traceId, spanId, startNs } = record
        const mayBeStored = this.#known.mayBeStored(startNs)
        const words = wordsOf(traceId, spanId, this.#words)
        if (!this.#known.add(words, startNs)) {
          duplicates++
          return
        }
        added.push(words)
        if (mayBeStored || this.#anyNotes) {
          // It is read where it is written. What takes too long to be read is found here, where that can be interrupted.
          canonicalRows(record)
          held.push({ record, receivedNs })
        } else this.#collector.add(record, canonicalRows(record), receivedNs)
      },
      addLogs: (more) => {
        for (const log of more) logs.push(log)
        // Of a span that comes after this, notes are to be looked for.
        if (more.some(concernsRun)) this.#anyNotes = true
      },
      end: () => {
        const collected = this.#collector.end()
        return { id, collected, held, logs, duplicates, anyNotes: this.#anyNotes }
      },
      discard: () => {
        this.#collector.discard()
        this.#forget(id)
      },
    }
  }

  async records(
    spans: readonly SpanRecord[],
    logs: readonly LogRecord[],
    receivedNs: bigint,
  ): Promise<PreparedSpans> {
    const preparation = this.begin()
    try {
      preparation.addLogs(logs)
      let taken = 0
      for (const span of spans) {
        preparation.addSpan(span, receivedNs)
        if (++taken % SPANS_IN_A_TURN === 0) await setImmediate()
      }
      return preparation.end()
    } catch (error) {
      preparation.discard()
      throw error
    }
  }

  settle({ id, collected }: SettledSpans, committed: boolean): void {
    this.#collector.giveBack(collected)
    if (committed) this.#added.delete(id)
    else this.#forget(id)
  }

  rest(): void {
    this.#collector.rest()
  }

  #forget(id: number): void {
    for (const span of this.#added.get(id) ?? []) this.#known.delete(span)
    this.#added.delete(id)
  }
}

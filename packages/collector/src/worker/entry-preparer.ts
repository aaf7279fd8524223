import { Trace2Error } from '@trace2/core'
import type { BatchPreparer, Preparation, Prepared, Preparer, Settled } from '@trace2/store/engines'
import type { LogRecord, SpanRecord } from '@trace2/store/otlp'
import { decodeLogs, eachSpan } from '@trace2/store/otlp'
import type { Journal, NumberedEntry } from '../journal/journal.ts'
import { DIRECT, NOTHING, type ReadingMark } from './reading-mark.ts'

/** Spans written in one transaction: large enough to be quick, small enough that a reader waits little. */
const SPANS_AT_ONCE = 8192

export interface EntryRequest {
  /** Number of the first entry; without it, the one after those that were prepared last. */
  readonly from: number | undefined
  /** Entries at most. */
  readonly atOnce: number
  /** Numbers of those to leave out. */
  readonly excluded: ReadonlySet<number>
}

/** Entries of the journal that one transaction is to write. */
export interface PreparedEntries {
  readonly prepared: Prepared
  /** Number after the last of them. */
  readonly next: number
  /** Spans in them. */
  readonly taken: number
  /** Spans that cannot be read. */
  readonly rejected: number
  /** Numbers of the entries whose bytes are damaged. */
  readonly damaged: readonly number[]
}

export interface EntriesPreparer extends Preparer {
  /** As many entries as one transaction may have; `undefined` where there are none. */
  entries(request: EntryRequest): Promise<PreparedEntries | undefined>
}

export interface EntryPreparerOptions {
  /** Shows which entry is being read. */
  readonly mark?: Pick<ReadingMark, 'put'>
  /** Bytes of requests from which on a transaction takes no more of them. */
  readonly bytesAtOnce?: number
}

/** Prepares what a journal has. Decoding holds up the thread that it is in. */
export class EntryPreparer implements EntriesPreparer {
  readonly #journal: Journal
  readonly #spans: BatchPreparer
  readonly #mark: Pick<ReadingMark, 'put'> | undefined
  readonly #bytesAtOnce: number
  #next = 1

  constructor(
    journal: Journal,
    spans: BatchPreparer,
    { mark, bytesAtOnce = Number.POSITIVE_INFINITY }: EntryPreparerOptions = {},
  ) {
    this.#journal = journal
    this.#spans = spans
    this.#mark = mark
    this.#bytesAtOnce = bytesAtOnce
  }

  async entries({ from, atOnce, excluded }: EntryRequest): Promise<PreparedEntries | undefined> {
    const preparation = this.#spans.begin()
    const damaged: number[] = []
    let next = from ?? this.#next
    this.#next = next
    let entries = 0
    let records = 0
    let bytes = 0
    let taken = 0
    let rejected = 0
    try {
      for (const read of this.#journal.read(next)) {
        next = read.number + 1
        if (!excluded.has(read.number)) {
          this.#mark?.put(read.number)
          if (!read.entry) damaged.push(read.number)
          bytes += read.entry?.body.byteLength ?? 0
          const added = add(preparation, read)
          records += added.records
          taken += added.spans
          rejected += added.rejected
        }
        if (++entries >= atOnce || records >= SPANS_AT_ONCE || bytes >= this.#bytesAtOnce) break
      }
    } catch (error) {
      preparation.discard()
      throw error
    } finally {
      this.#mark?.put(NOTHING)
    }
    this.#next = next
    if (entries > 0) return { prepared: preparation.end(), next, taken, rejected, damaged }
    preparation.discard()
    return undefined
  }

  async records(
    spans: readonly SpanRecord[],
    logs: readonly LogRecord[],
    receivedNs: bigint,
  ): Promise<Prepared> {
    this.#mark?.put(DIRECT)
    try {
      return await this.#spans.records(spans, logs, receivedNs)
    } finally {
      this.#mark?.put(NOTHING)
    }
  }

  rest(): void {
    this.#spans.rest()
  }

  settle(settled: Settled, committed: boolean): void {
    this.#spans.settle(settled, committed)
  }
}

/** What cannot be decoded was refused when it came, or is damaged in a way that its checksum does not show. */
function add(
  preparation: Preparation,
  { entry }: NumberedEntry,
): { readonly records: number; readonly spans: number; readonly rejected: number } {
  const nothing = { records: 0, spans: 0, rejected: 0 }
  if (!entry) return nothing
  const { signal, body, encoding, receivedNs } = entry
  // The store had it before the journal.
  if (signal === 'feedback') return nothing
  try {
    if (signal === 'logs') {
      const { records } = decodeLogs(body, encoding)
      preparation.addLogs(records)
      return { ...nothing, records: records.length }
    }
    const { taken, rejected } = eachSpan(body, encoding, (span) =>
      preparation.addSpan(span, receivedNs),
    )
    return { records: taken, spans: taken, rejected }
  } catch (error) {
    if (!(error instanceof Trace2Error)) throw error
    return { ...nothing, rejected: 1 }
  }
}

import { setImmediate } from 'node:timers/promises'
import { type DuckDBConnection, LIST, listValue, VARCHAR } from '@duckdb/node-api'
import { canonicalRows } from '../../canonical/canonical-span.ts'
import { concernsRun } from '../../canonical/logs.ts'
import type { LogRecord } from '../../otlp/logs.ts'
import type { SpanRecord } from '../../otlp/model.ts'
import type { WriteResult } from '../store.ts'
import type { Database } from './database.ts'
import type { KnownSpans } from './known-spans.ts'
import { readNotes, writeLogs } from './log-writer.ts'
import { applyRewritten, emptyRewritten } from './rewritten-spans.ts'
import { type PreparedSpan, SpanInsert, type Stored } from './span-insert.ts'
import { SpanList, WORDS, wordsOf } from './span-set.ts'
import { readStoredSpans, type SpanKey } from './stored-spans.ts'
import { askOn, duringTraces } from './trace-times.ts'

export interface JournalProgress {
  readonly consumer: string
  /** Number of the first entry that is not yet in the store. */
  readonly next: number
}

/** What the batches of one writer know together. */
export interface WriterMemory {
  readonly known: KnownSpans
  readonly stored: Stored
  /** Nothing is looked for in a store that no log ever came to. */
  anyNotes: boolean
}

/** After so many spans whatever else the thread has to do comes first. */
const SPANS_IN_A_TURN = 512

/**
 * Spans and logs that are written in one transaction: each span once, with everything derived from it. While one batch
 * is committed, the next can be filled.
 */
export class SpanBatch {
  readonly #database: Database
  readonly #connection: DuckDBConnection
  readonly #memory: WriterMemory
  readonly #insert: SpanInsert
  readonly #added = new SpanList()
  readonly #words = new Uint32Array(WORDS)
  /** Spans of which the database has to be asked something first. */
  readonly #held: PreparedSpan[] = []
  readonly #logs: LogRecord[] = []
  #accepted = 0
  #duplicates = 0

  private constructor(
    database: Database,
    connection: DuckDBConnection,
    memory: WriterMemory,
    insert: SpanInsert,
  ) {
    this.#database = database
    this.#connection = connection
    this.#memory = memory
    this.#insert = insert
  }

  static async open(database: Database, memory: WriterMemory): Promise<SpanBatch> {
    const connection = await database.lendWriter()
    const insert = await SpanInsert.open(connection, 'span')
    return new SpanBatch(database, connection, memory, insert)
  }

  addLogs(logs: readonly LogRecord[]): void {
    for (const log of logs) this.#logs.push(log)
    // Of a span that comes after this, notes are to be looked for.
    if (logs.some(concernsRun)) this.#memory.anyNotes = true
  }

  /** Adds spans that came at one time, and lets the thread do what else it has to in between. */
  async addSpans(spans: readonly SpanRecord[], receivedNs: bigint): Promise<void> {
    let taken = 0
    for (const span of spans) {
      this.addSpan(span, receivedNs)
      if (++taken % SPANS_IN_A_TURN === 0) await setImmediate()
    }
  }

  /** Nothing keeps a span that is new for certain. */
  addSpan(record: SpanRecord, receivedNs: bigint): void {
    const { known, anyNotes } = this.#memory
    const { traceId, spanId, startNs } = record
    const mayBeStored = known.mayBeStored(startNs)
    const words = wordsOf(traceId, spanId, this.#words)
    if (!known.add(words, startNs)) {
      this.#duplicates++
      return
    }
    this.#added.push(words)
    const span = { record, rows: canonicalRows(record), receivedNs }
    if (mayBeStored || anyNotes) {
      this.#held.push(span)
      return
    }
    this.#accepted++
    this.#insert.add(span)
  }

  /**
   * Writes everything, or nothing. The batch is at its end in either case.
   *
   * @param progress how far a journal's consumer has come with it: kept with the rows, so that a crash neither loses
   *   nor repeats it.
   */
  async commit(progress?: JournalProgress): Promise<WriteResult> {
    try {
      await this.#database.write(async (connection) => {
        await this.#insert.finish(this.#memory.stored)
        await this.#insertHeld(connection)
        if (progress) await saveProgress(connection, progress)
      }, this.#connection)
    } catch (error) {
      this.discard()
      throw error
    }
    this.#insert.remember(this.#memory.stored)
    this.#database.giveBack(this.#connection)
    return { accepted: this.#accepted, duplicates: this.#duplicates }
  }

  /** Forgets what was added. */
  discard(): void {
    this.#insert.discard()
    for (const span of this.#added) this.#memory.known.delete(span)
    this.#database.giveBack(this.#connection)
  }

  /**
   * Inserts those of the held spans that are new, with the notes that waited for them, and reads stored ones again
   * that got new notes.
   */
  async #insertHeld(connection: DuckDBConnection): Promise<void> {
    const held = await withoutStored(connection, this.#held)
    this.#accepted += held.length
    this.#duplicates += this.#held.length - held.length
    const noted = this.#logs.length > 0 ? await writeLogs(connection, this.#logs) : []
    const stored = noted.length > 0 ? await readStoredSpans(connection, noted) : []
    const records = [...held.map(({ record }) => record), ...stored]
    const notes = this.#memory.anyNotes ? await readNotes(connection, records) : undefined
    const noticed = (span: PreparedSpan): PreparedSpan => {
      const found = notes?.get(keyOf(span.record))
      return found ? { ...span, rows: canonicalRows(span.record, found) } : span
    }
    await this.#insertNow(connection, 'span', held.map(noticed))
    if (stored.length === 0) return
    const again = stored.map((record) =>
      noticed({ record, rows: canonicalRows(record), receivedNs: 0n }),
    )
    await emptyRewritten(connection, stored)
    await this.#insertNow(connection, 'rewritten', again)
    await applyRewritten(connection)
  }

  async #insertNow(
    connection: DuckDBConnection,
    table: 'span' | 'rewritten',
    spans: readonly PreparedSpan[],
  ): Promise<void> {
    if (spans.length === 0) return
    const insert = await SpanInsert.open(connection, table)
    for (const span of spans) insert.add(span)
    await insert.finish(this.#memory.stored)
  }
}

/** A span is the same if its ids are; one from before this process is looked for among those that started with it. */
async function withoutStored(
  connection: DuckDBConnection,
  held: readonly PreparedSpan[],
): Promise<readonly PreparedSpan[]> {
  if (held.length === 0) return held
  const during = await duringTraces(
    askOn(connection),
    held.map(({ record }) => record.traceId),
  )
  const result = await connection.runAndReadAll(
    `SELECT trace_id || span_id AS key FROM span WHERE ${during} AND span_id IN (SELECT unnest($1))`,
    [listValue(held.map(({ record }) => record.spanId))],
    [LIST(VARCHAR)],
  )
  const stored = new Set(result.getRowsJson().map(([key]) => String(key)))
  return stored.size === 0 ? held : held.filter(({ record }) => !stored.has(keyOf(record)))
}

async function saveProgress(
  connection: DuckDBConnection,
  { consumer, next }: JournalProgress,
): Promise<void> {
  await connection.run('INSERT OR REPLACE INTO journal_offset VALUES ($1, $2::UBIGINT)', [
    consumer,
    String(next),
  ])
}

function keyOf(span: SpanKey): string {
  return span.traceId + span.spanId
}

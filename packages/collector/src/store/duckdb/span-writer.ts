import { type DuckDBConnection, LIST, listValue, VARCHAR } from '@duckdb/node-api'
import { canonicalRows } from '../../canonical/canonical-span.ts'
import type { LogRecord } from '../../otlp/logs.ts'
import type { SpanRecord } from '../../otlp/model.ts'
import type { WriteResult } from '../store.ts'
import { ContentCollector } from './content.ts'
import type { Database } from './database.ts'
import { insertSpans, type PreparedSpan } from './insert-spans.ts'
import { KnownSpans } from './known-spans.ts'
import { readNotes, writeLogs } from './log-writer.ts'
import { applyRewritten, emptyRewritten } from './rewritten-spans.ts'
import { readStoredSpans, type SpanKey } from './stored-spans.ts'
import { askOn, duringTraces } from './trace-times.ts'

export interface JournalProgress {
  readonly consumer: string
  /** Number of the first entry that is not yet in the store. */
  readonly next: number
}

/** What is written in one transaction. */
export interface SpanBatch {
  /** Taken one by one while they are written: what is made on the way need not be kept. */
  readonly spans?: Iterable<PreparedSpan>
  /** Asked for when all spans are taken. */
  readonly logs?: () => readonly LogRecord[]
  /**
   * How far a journal's consumer has come with it: kept with the rows, so that a crash neither loses nor repeats it.
   * Asked for when all spans are taken.
   */
  readonly progress?: () => JournalProgress
}

/** Spans with what is read from each, lazily. */
export function* prepared(
  records: Iterable<SpanRecord>,
  receivedNs: bigint,
): Generator<PreparedSpan> {
  for (const record of records) yield { record, rows: canonicalRows(record), receivedNs }
}

/** Spans of a batch, told apart as they are taken. */
interface Sifted {
  accepted: number
  duplicates: number
  /** Those of which the database has to be asked something first. */
  readonly held: PreparedSpan[]
}

/** Writes batches of spans: each span once, everything derived from it in the same transaction. */
export class SpanWriter {
  readonly #database: Database
  readonly #content = new ContentCollector()
  readonly #versions = new Set<string>()
  /** Nothing is looked for in a store that no log ever came to. */
  #anyNotes: boolean
  #known: KnownSpans | undefined

  private constructor(database: Database, anyNotes: boolean) {
    this.#database = database
    this.#anyNotes = anyNotes
  }

  static async create(database: Database): Promise<SpanWriter> {
    const notes = await database.rows('SELECT 1 FROM span_note LIMIT 1')
    return new SpanWriter(database, notes.length > 0)
  }

  /** @param whileCommitting see {@link Database.write}. */
  async write(
    { spans = [], logs = () => [], progress }: SpanBatch,
    whileCommitting?: (committed: Promise<unknown>) => Promise<void>,
  ): Promise<WriteResult> {
    const sifted: Sifted = { accepted: 0, duplicates: 0, held: [] }
    try {
      await this.#database.write(async (connection) => {
        this.#known ??= await knownSpans(connection)
        await this.#insert(connection, this.#certain(spans, this.#known, sifted))
        await this.#insertHeld(connection, sifted, logs())
        if (progress) await saveProgress(connection, progress())
      }, whileCommitting)
    } catch (error) {
      // What was taken for stored on the way is not.
      this.#known = undefined
      this.#versions.clear()
      this.#content.rolledBack()
      throw error
    }
    this.#content.committed()
    return { accepted: sifted.accepted, duplicates: sifted.duplicates }
  }

  /** To be called when rows have been deleted: a text that comes again is stored again. */
  forget(): void {
    this.#content.forget()
    this.#versions.clear()
  }

  /** Spans that are new for certain and that nothing was noted of. */
  *#certain(
    spans: Iterable<PreparedSpan>,
    known: KnownSpans,
    sifted: Sifted,
  ): Generator<PreparedSpan> {
    for (const span of spans) {
      const { traceId, spanId, startNs } = span.record
      const mayBeStored = known.mayBeStored(startNs)
      if (!known.add(traceId, spanId, startNs)) sifted.duplicates++
      else if (mayBeStored || this.#anyNotes) sifted.held.push(span)
      else {
        sifted.accepted++
        yield span
      }
    }
  }

  /** Inserts those of the held spans that are new, with the notes that waited for them, and reads stored ones again that got new notes. */
  async #insertHeld(
    connection: DuckDBConnection,
    sifted: Sifted,
    logs: readonly LogRecord[],
  ): Promise<void> {
    const held = await withoutStored(connection, sifted.held)
    sifted.accepted += held.length
    sifted.duplicates += sifted.held.length - held.length
    const noted = logs.length > 0 ? await writeLogs(connection, logs) : []
    if (noted.length > 0) this.#anyNotes = true
    const stored = noted.length > 0 ? await readStoredSpans(connection, noted) : []
    const records = held.map(({ record }) => record)
    const notes = this.#anyNotes
      ? await readNotes(connection, [...records, ...stored])
      : new Map<string, never>()
    const withNotes = (record: SpanRecord) => canonicalRows(record, notes.get(keyOf(record)))
    if (held.length > 0) {
      const noticed = held.map((span) =>
        notes.has(keyOf(span.record)) ? { ...span, rows: withNotes(span.record) } : span,
      )
      await this.#insert(connection, noticed)
    }
    if (stored.length === 0) return
    const rewritten = stored.map((record) => ({
      record,
      rows: withNotes(record),
      receivedNs: 0n,
    }))
    await emptyRewritten(connection, stored)
    await this.#insert(connection, rewritten, 'rewritten')
    await applyRewritten(connection)
  }

  #insert(
    connection: DuckDBConnection,
    spans: Iterable<PreparedSpan>,
    table: 'span' | 'rewritten' = 'span',
  ): Promise<void> {
    return insertSpans(connection, table, spans, {
      content: this.#content,
      versions: this.#versions,
    })
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

/** Of what is stored before, only the latest start is known. */
async function knownSpans(connection: DuckDBConnection): Promise<KnownSpans> {
  const query = 'SELECT coalesce(max(start_ns), 0)::VARCHAR AS horizon FROM span'
  const [[horizon] = []] = (await connection.runAndReadAll(query)).getRows()
  return new KnownSpans(BigInt(String(horizon)))
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

import { type DuckDBConnection, LIST, listValue, VARCHAR } from '@duckdb/node-api'
import { canonicalRows } from '../../canonical/canonical-span.ts'
import type { SpanNote } from '../../canonical/logs.ts'
import type { SpanRows } from '../../canonical/rows.ts'
import type { LogRecord } from '../../otlp/logs.ts'
import type { SpanRecord } from '../../otlp/model.ts'
import type { WriteResult } from '../store.ts'
import { appendRows } from './append.ts'
import { ContentCollector } from './content.ts'
import type { Database } from './database.ts'
import { upsertFeedback } from './feedback.ts'
import { KnownSpans } from './known-spans.ts'
import { readNotes, writeLogs } from './log-writer.ts'
import { insertParameterVersions } from './parameters.ts'
import { applyRewritten, emptyRewritten } from './rewritten-spans.ts'
import { writeSpan } from './span-rows.ts'
import { SpanSet } from './span-set.ts'
import { readStoredSpans, type SpanKey } from './stored-spans.ts'
import { askOn, duringTraces, insertTraceTimes } from './trace-times.ts'

export interface JournalProgress {
  readonly consumer: string
  /** Number of the first entry that is not yet in the store. */
  readonly next: number
}

/** A span with what is read from it alone. */
export interface PreparedSpan {
  readonly record: SpanRecord
  readonly rows: SpanRows
}

export function prepared(record: SpanRecord): PreparedSpan {
  return { record, rows: canonicalRows(record) }
}

/** What is written in one transaction. */
export interface SpanBatch {
  readonly spans: readonly PreparedSpan[]
  readonly logs: readonly LogRecord[]
  readonly receivedNs: bigint
  /** How far a journal's consumer has come with it: kept with the rows, so that a crash neither loses nor repeats it. */
  readonly progress?: JournalProgress
}

/** Writes batches of spans: each span once, everything derived from it in the same transaction. */
export class SpanWriter {
  readonly #database: Database
  readonly #known: KnownSpans
  readonly #content = new ContentCollector()
  /** Nothing is looked for in a store that no log ever came to. */
  #anyNotes: boolean

  private constructor(database: Database, known: KnownSpans, anyNotes: boolean) {
    this.#database = database
    this.#known = known
    this.#anyNotes = anyNotes
  }

  static async create(database: Database): Promise<SpanWriter> {
    const [row] = await database.rows('SELECT coalesce(max(start_ns), 0) AS horizon FROM span')
    const notes = await database.rows('SELECT 1 FROM span_note LIMIT 1')
    const known = new KnownSpans(BigInt(String(row?.horizon ?? 0)))
    return new SpanWriter(database, known, notes.length > 0)
  }

  /** @param whileCommitting see {@link Database.write}. */
  async write(batch: SpanBatch, whileCommitting?: () => void): Promise<WriteResult> {
    const { spans, logs, receivedNs, progress } = batch
    const fresh = await this.#database.write(async (connection) => {
      const unknown = await this.#withoutDuplicates(connection, spans)
      try {
        const noted = logs.length > 0 ? await writeLogs(connection, logs) : []
        if (noted.length > 0) this.#anyNotes = true
        await this.#insertWithNotes(connection, unknown, noted, receivedNs)
        if (progress) await saveProgress(connection, progress)
        return unknown
      } catch (error) {
        this.#content.rolledBack()
        throw error
      }
    }, whileCommitting)
    this.#content.committed()
    for (const { record } of fresh) {
      this.#known.add(record.traceId, record.spanId, record.startNs)
    }
    return { accepted: fresh.length, duplicates: spans.length - fresh.length }
  }

  /** To be called when texts have been deleted: one that comes again is stored again. */
  forgetContent(): void {
    this.#content.forget()
  }

  /** A span is the same if its ids are; one from before this process is looked for among those that started with it. */
  async #withoutDuplicates(
    connection: DuckDBConnection,
    spans: readonly PreparedSpan[],
  ): Promise<readonly PreparedSpan[]> {
    const seen = new SpanSet()
    const doubtful: SpanRecord[] = []
    const fresh = spans.filter(({ record }) => {
      const { traceId, spanId, startNs } = record
      if (seen.has(traceId, spanId) || this.#known.has(traceId, spanId)) return false
      seen.add(traceId, spanId)
      if (this.#known.mayBeStored(startNs)) doubtful.push(record)
      return true
    })
    const stored = await storedAmong(connection, doubtful)
    return stored.size === 0 ? fresh : fresh.filter(({ record }) => !stored.has(keyOf(record)))
  }

  /** Inserts new spans with the notes that waited for them, and reads stored ones again that got new notes. */
  async #insertWithNotes(
    connection: DuckDBConnection,
    fresh: readonly PreparedSpan[],
    noted: readonly SpanKey[],
    receivedNs: bigint,
  ): Promise<void> {
    const stored = noted.length > 0 ? await readStoredSpans(connection, noted) : []
    const records = fresh.map(({ record }) => record)
    const notes = this.#anyNotes
      ? await readNotes(connection, [...records, ...stored])
      : new Map<string, SpanNote[]>()
    const withNotes = (record: SpanRecord): PreparedSpan => ({
      record,
      rows: canonicalRows(record, notes.get(keyOf(record))),
    })
    if (fresh.length > 0) {
      const noticed = (span: PreparedSpan) =>
        notes.has(keyOf(span.record)) ? withNotes(span.record) : span
      await this.#insert(
        connection,
        'span',
        notes.size === 0 ? fresh : fresh.map(noticed),
        receivedNs,
      )
      await insertTraceTimes(connection, records)
    }
    if (stored.length === 0) return
    await emptyRewritten(connection, stored)
    await this.#insert(connection, 'rewritten', stored.map(withNotes), receivedNs)
    await applyRewritten(connection)
  }

  async #insert(
    connection: DuckDBConnection,
    table: 'span' | 'rewritten',
    spans: readonly PreparedSpan[],
    receivedNs: bigint,
  ): Promise<void> {
    const content = this.#content
    await appendRows(connection, table, spans, (row, { record, rows }) => {
      writeSpan(row, record, rows, content, receivedNs)
      row.end()
    })
    if (spans.some(({ rows }) => rows.uses.length > 0)) {
      await appendRows(connection, 'parameter_use', spans, (row, { record, rows }) => {
        for (const use of rows.uses) {
          row.text(record.traceId).text(record.spanId).unsigned(record.startNs)
          row.text(use.name).text(use.version).double(use.propensity)
          row.end()
        }
      })
    }
    await insertContent(connection, content.fresh)
    await insertParameterVersions(
      connection,
      spans.flatMap(({ record, rows }) =>
        rows.parameters.map((parameter) => ({ ...parameter, firstSeenNs: record.startNs })),
      ),
    )
    await upsertFeedback(
      connection,
      spans.flatMap(({ record, rows }) =>
        rows.feedback.map((row) => ({ ...row, createdNs: record.startNs })),
      ),
    )
  }
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

async function storedAmong(
  connection: DuckDBConnection,
  spans: readonly SpanRecord[],
): Promise<Set<string>> {
  if (spans.length === 0) return new Set()
  const during = await duringTraces(
    askOn(connection),
    spans.map((span) => span.traceId),
  )
  const result = await connection.runAndReadAll(
    `SELECT trace_id || span_id AS key FROM span WHERE ${during} AND span_id IN (SELECT unnest($1))`,
    [listValue(spans.map((span) => span.spanId))],
    [LIST(VARCHAR)],
  )
  return new Set(result.getRowsJson().map(([key]) => String(key)))
}

async function insertContent(
  connection: DuckDBConnection,
  fresh: ReadonlyMap<string, string>,
): Promise<void> {
  if (fresh.size === 0) return
  await connection.run('CREATE TEMP TABLE IF NOT EXISTS new_content (hash VARCHAR, text VARCHAR)')
  await appendRows(connection, 'new_content', fresh, (row, [hash, text]) =>
    row.text(hash).text(text).end(),
  )
  await connection.run('INSERT OR IGNORE INTO content SELECT hash, text FROM new_content')
  await connection.run('DELETE FROM new_content')
}

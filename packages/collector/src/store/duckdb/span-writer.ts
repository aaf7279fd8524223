import { type DuckDBConnection, LIST, listValue, UBIGINT, VARCHAR } from '@duckdb/node-api'
import { canonicalRows } from '../../canonical/canonical-span.ts'
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
import { writeInput, writeSpan } from './span-rows.ts'
import { readStoredSpans, type SpanKey } from './stored-spans.ts'

export interface JournalProgress {
  readonly consumer: string
  /** Number of the first entry that is not yet in the store. */
  readonly next: number
}

type Prepared = SpanRows & { readonly record: SpanRecord }

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

  /**
   * @param progress how far a journal's consumer has come with this batch: kept in the same transaction, so that a
   *   crash neither loses nor repeats it.
   */
  async write(
    spans: readonly SpanRecord[],
    receivedNs: bigint,
    progress?: JournalProgress,
    logs: readonly LogRecord[] = [],
  ): Promise<WriteResult> {
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
    })
    this.#content.committed()
    for (const span of fresh) this.#known.add(keyOf(span), span.startNs)
    return { accepted: fresh.length, duplicates: spans.length - fresh.length }
  }

  /** To be called when texts have been deleted: one that comes again is stored again. */
  forgetContent(): void {
    this.#content.forget()
  }

  /** A span is the same if its ids are; one from before this process is looked for among those that started with it. */
  async #withoutDuplicates(
    connection: DuckDBConnection,
    spans: readonly SpanRecord[],
  ): Promise<SpanRecord[]> {
    const fresh = new Map<string, SpanRecord>()
    const doubtful: SpanRecord[] = []
    for (const span of spans) {
      const key = keyOf(span)
      if (fresh.has(key) || this.#known.has(key)) continue
      fresh.set(key, span)
      if (this.#known.mayBeStored(span.startNs)) doubtful.push(span)
    }
    for (const key of await storedAmong(connection, doubtful)) fresh.delete(key)
    return [...fresh.values()]
  }

  /** Inserts new spans with the notes that waited for them, and reads stored ones again that got new notes. */
  async #insertWithNotes(
    connection: DuckDBConnection,
    fresh: readonly SpanRecord[],
    noted: readonly SpanKey[],
    receivedNs: bigint,
  ): Promise<void> {
    const stored = noted.length > 0 ? await readStoredSpans(connection, noted) : []
    const all = [...fresh, ...stored]
    const notes = this.#anyNotes ? await readNotes(connection, all) : undefined
    const prepare = (record: SpanRecord) => ({
      record,
      ...canonicalRows(record, notes?.get(keyOf(record))),
    })
    if (fresh.length > 0) {
      await this.#insert(connection, 'span', fresh.map(prepare), receivedNs)
    }
    if (stored.length === 0) return
    await emptyRewritten(connection, stored)
    await this.#insert(connection, 'rewritten', stored.map(prepare), receivedNs)
    await applyRewritten(connection)
  }

  async #insert(
    connection: DuckDBConnection,
    table: 'span' | 'rewritten',
    prepared: readonly Prepared[],
    receivedNs: bigint,
  ): Promise<void> {
    const content = this.#content
    await appendRows(connection, table, prepared, (row, { record, span }) =>
      writeSpan(row, record, span, content, receivedNs),
    )
    const inputs = prepared.flatMap((item) => item.inputs.map((input) => ({ item, input })))
    if (inputs.length > 0) {
      await appendRows(connection, 'edge_ref', inputs, (row, { item, input }) =>
        writeInput(row, item.record, input, content),
      )
    }
    const uses = prepared.flatMap((item) => item.uses.map((use) => ({ item, use })))
    if (uses.length > 0) {
      await appendRows(connection, 'parameter_use', uses, (row, { item, use }) => {
        row.text(item.record.traceId).text(item.record.spanId).unsigned(item.record.startNs)
        row.text(use.name).text(use.version).double(use.propensity)
      })
    }
    await insertContent(connection, content.fresh)
    await insertParameterVersions(
      connection,
      prepared.flatMap(({ parameters, record }) =>
        parameters.map((parameter) => ({ ...parameter, firstSeenNs: record.startNs })),
      ),
    )
    await upsertFeedback(
      connection,
      prepared.flatMap(({ feedback, record }) =>
        feedback.map((row) => ({ ...row, createdNs: record.startNs })),
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

function keyOf(span: SpanRecord): string {
  return span.traceId + span.spanId
}

async function storedAmong(
  connection: DuckDBConnection,
  spans: readonly SpanRecord[],
): Promise<Set<string>> {
  const found = new Set<string>()
  if (spans.length === 0) return found
  let from = spans[0]?.startNs ?? 0n
  let to = from
  for (const { startNs } of spans) {
    if (startNs < from) from = startNs
    if (startNs > to) to = startNs
  }
  // The range of start times lets DuckDB skip all row groups of other times.
  const result = await connection.runAndReadAll(
    `SELECT trace_id || span_id AS key FROM span
     WHERE start_ns BETWEEN $1 AND $2 AND span_id IN (SELECT unnest($3))`,
    [from, to, listValue(spans.map((span) => span.spanId))],
    [UBIGINT, UBIGINT, LIST(VARCHAR)],
  )
  for (const [key] of result.getRowsJson()) if (typeof key === 'string') found.add(key)
  return found
}

async function insertContent(
  connection: DuckDBConnection,
  fresh: ReadonlyMap<string, string>,
): Promise<void> {
  if (fresh.size === 0) return
  await connection.run('CREATE TEMP TABLE IF NOT EXISTS new_content (hash VARCHAR, text VARCHAR)')
  await appendRows(connection, 'new_content', fresh, (row, [hash, text]) =>
    row.text(hash).text(text),
  )
  await connection.run('INSERT OR IGNORE INTO content SELECT hash, text FROM new_content')
  await connection.run('DELETE FROM new_content')
}

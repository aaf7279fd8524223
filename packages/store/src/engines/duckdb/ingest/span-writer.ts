import { type DuckDBConnection, LIST, listValue, VARCHAR } from '@duckdb/node-api'
import type { SpanRef } from '@trace2/core'
import type { LogRecord, SpanRecord } from '../../../otlp/index.ts'
import { canonicalRows } from '../../../reading/index.ts'
import type { WriteResult } from '../../../store.ts'
import type { JournalProgress, Prepared, Preparer, Turn } from '../../engine.ts'
import { columnsOf } from '../bulk/index.ts'
import type { Database } from '../database.ts'
import { Mutex } from '../mutex.ts'
import { insertRows, journalOffsetTable, reading } from '../tables/index.ts'
import { nowNs } from '../time.ts'
import { SpanCollector } from './collected-spans.ts'
import { readNotes, writeLogs } from './log-writer.ts'
import { PromptNaming } from './prompt-naming.ts'
import { applyRewritten, emptyRewritten } from './rewritten-spans.ts'
import { insertCollected, remember, type Stored } from './span-insert.ts'
import {
  type HeldSpan,
  type PreparedSpans,
  type SettledSpans,
  SpanPreparer,
  type StoredSpans,
} from './span-preparer.ts'
import { readStoredSpans } from './stored-spans.ts'
import { askOn, duringTraces } from './trace-times.ts'
import { UnreadSpans } from './unread-spans.ts'

const readOffset = reading(journalOffsetTable, ['consumer', 'next_entry', 'spans', 'epoch'])

/** Writes spans and logs: each span once, with everything derived from it. */
export class SpanWriter {
  /** What was stored when it was created. */
  readonly storedSoFar: StoredSpans
  readonly #database: Database
  readonly #stored: Stored = new Set()
  readonly #naming: PromptNaming
  readonly #unread = new UnreadSpans()
  readonly #turns = new Mutex()
  #preparer: Preparer | undefined
  #collector: SpanCollector | undefined

  private constructor(database: Database, storedSoFar: StoredSpans, waiting: boolean) {
    this.#database = database
    this.#naming = new PromptNaming(waiting, storedSoFar.horizon)
    this.storedSoFar = storedSoFar
  }

  static async create(database: Database): Promise<SpanWriter> {
    // Of what was stored before, only the latest start is known.
    const [row] = await database.rows('SELECT coalesce(max(start_ns), 0) AS horizon FROM span')
    const notes = await database.rows('SELECT 1 FROM span_note LIMIT 1')
    const layout = await database.write(async (connection) => ({
      span: await columnsOf(connection, 'span'),
      use: await columnsOf(connection, 'parameter_use'),
    }))
    const horizon = BigInt(String(row?.horizon ?? 0))
    const waiting = await database.rows('SELECT 1 FROM unnamed_prompt LIMIT 1')
    const storedSoFar = { layout, horizon, anyNotes: notes.length > 0 }
    return new SpanWriter(database, storedSoFar, waiting.length > 0)
  }

  /** What is written is prepared by this one, from the first write on. Default: one of its own. */
  prepareWith(preparer: Preparer): void {
    this.#preparer = preparer
  }

  get #prepares(): Preparer {
    this.#preparer ??= new SpanPreparer(this.storedSoFar)
    return this.#preparer
  }

  /**
   * Runs a task in which transactions are prepared and committed. When one of them cannot be committed, those prepared
   * after it have to be discarded.
   */
  inTurn<T>(task: (turn: Turn) => Promise<T>): Promise<T> {
    return this.#turns.run(() => task(this.#turns))
  }

  /** Writes spans and logs in one transaction. */
  write(
    records: readonly SpanRecord[],
    logs: readonly LogRecord[] = [],
    receivedNs = nowNs(),
  ): Promise<WriteResult> {
    return this.inTurn(async () =>
      this.commit(ours(await this.#prepares.records(records, logs, receivedNs))),
    )
  }

  /**
   * Writes everything, or nothing. What is prepared is settled in either case.
   *
   * @param progress how far a journal's consumer has come with it: kept with the rows, so that a crash neither loses
   *   nor repeats it.
   */
  async commit(prepared: PreparedSpans, progress?: JournalProgress): Promise<WriteResult> {
    const { collected, held, duplicates } = prepared
    let committed = false
    try {
      const inserted = await this.#database.write(async (connection) => {
        await insertCollected(connection, 'span', collected, this.#stored)
        await this.#naming.insert(connection, collected)
        const more = await this.#insertHeld(connection, prepared)
        if (this.#naming.overdue) await this.#naming.settle(connection)
        if (progress) await insertRows(connection, journalOffsetTable, [progress], 'OR REPLACE')
        return more
      })
      committed = true
      remember(collected, this.#stored)
      this.#unread.tell(collected.failures)
      return {
        accepted: collected.count + inserted,
        duplicates: duplicates + held.length - inserted,
      }
    } finally {
      if (!committed) this.#naming.forget()
      this.#prepares.settle(settledOf(prepared), committed)
    }
  }

  /** Names the prompts that wait for spans around them, as far as these have come. Without it, they are read as they are. */
  async namePrompts(): Promise<void> {
    if (!this.#naming.due) return
    try {
      await this.#database.write((connection) => this.#naming.settle(connection))
    } catch {
      this.#naming.forget()
    }
  }

  /** To be called of what is not committed after all. */
  discard(prepared: PreparedSpans): void {
    this.#prepares.settle(settledOf(prepared), false)
  }

  /** How far the consumers of journals have come with what is stored. */
  async journalProgress(): Promise<JournalProgress[]> {
    const rows = await this.#database.rows(`SELECT ${readOffset.select} FROM journal_offset`)
    return rows.map((answer) => {
      const { consumer, next_entry: next, spans, epoch } = readOffset.read(answer)
      return { consumer, next: Number(next), spans: Number(spans ?? 0), epoch }
    })
  }

  /** To be called when rows have been deleted: what comes again is stored again. */
  forget(): void {
    this.#stored.clear()
    this.#naming.forget()
  }

  /**
   * Inserts those of the held spans that are new, with the notes that waited for them, and reads stored ones again
   * that got new notes.
   *
   * @returns how many were new.
   */
  async #insertHeld(
    connection: DuckDBConnection,
    { held, logs, anyNotes }: PreparedSpans,
  ): Promise<number> {
    const fresh = await withoutStored(connection, held)
    const noted = logs.length > 0 ? await writeLogs(connection, logs) : []
    const stored = noted.length > 0 ? await readStoredSpans(connection, noted) : []
    const records = [...fresh.map(({ record }) => record), ...stored]
    const notes = anyNotes ? await readNotes(connection, records) : undefined
    const insert = async (table: 'span' | 'rewritten', spans: readonly HeldSpan[]) => {
      this.#collector ??= new SpanCollector(this.storedSoFar.layout)
      const collector = this.#collector
      try {
        for (const { record, receivedNs } of spans) {
          collector.add(record, canonicalRows(record, notes?.get(keyOf(record))), receivedNs)
        }
      } catch (error) {
        collector.discard()
        throw error
      }
      const collected = collector.end()
      await insertCollected(connection, table, collected, this.#stored)
      await this.#naming.insert(connection, collected)
      this.#unread.tell(collected.failures)
      collector.giveBack(collected)
    }
    if (fresh.length > 0) await insert('span', fresh)
    if (stored.length > 0) {
      await emptyRewritten(connection, stored)
      await insert(
        'rewritten',
        stored.map((record) => ({ record, receivedNs: 0n })),
      )
      await applyRewritten(connection)
    }
    return fresh.length
  }
}

/** What is prepared for this writer was prepared by a {@link SpanPreparer}, here or in another thread. */
function ours(prepared: Prepared): PreparedSpans {
  return prepared as PreparedSpans
}

function settledOf({ id, collected: { spans, uses } }: PreparedSpans): SettledSpans {
  return { id, collected: { spans, uses } }
}

/** A span is the same if its ids are; one from before this process is looked for among those that started with it. */
async function withoutStored(
  connection: DuckDBConnection,
  held: readonly HeldSpan[],
): Promise<readonly HeldSpan[]> {
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

function keyOf(span: SpanRef): string {
  return span.traceId + span.spanId
}

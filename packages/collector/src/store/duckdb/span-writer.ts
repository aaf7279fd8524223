import type { LogRecord } from '../../otlp/logs.ts'
import type { SpanRecord } from '../../otlp/model.ts'
import type { WriteResult } from '../store.ts'
import type { Database } from './database.ts'
import { KnownSpans } from './known-spans.ts'
import { Mutex } from './mutex.ts'
import { SpanBatch, type WriterMemory } from './span-batch.ts'
import { nowNs } from './time.ts'

/** The right to open batches, one task at a time. */
export interface Turn {
  /** A batch to be filled, and then committed or discarded. */
  open(): Promise<SpanBatch>
  othersWait(): boolean
}

/** Writes spans and logs in batches that know of each other what is stored. */
export class SpanWriter {
  readonly #database: Database
  readonly #memory: WriterMemory
  readonly #turns = new Mutex()

  private constructor(database: Database, memory: WriterMemory) {
    this.#database = database
    this.#memory = memory
  }

  static async create(database: Database): Promise<SpanWriter> {
    // Of what was stored before, only the latest start is known.
    const [row] = await database.rows('SELECT coalesce(max(start_ns), 0) AS horizon FROM span')
    const notes = await database.rows('SELECT 1 FROM span_note LIMIT 1')
    const known = new KnownSpans(BigInt(String(row?.horizon ?? 0)))
    return new SpanWriter(database, { known, stored: new Set(), anyNotes: notes.length > 0 })
  }

  /**
   * Batches are opened in turns. Those of one turn count on each other: when one of them cannot be committed, those
   * opened after it have to be discarded.
   */
  inTurn<T>(task: (turn: Turn) => Promise<T>): Promise<T> {
    const turn = {
      open: () => SpanBatch.open(this.#database, this.#memory),
      othersWait: () => this.#turns.contended,
    }
    return this.#turns.run(() => task(turn))
  }

  /** Writes spans and logs in one transaction. */
  write(
    records: readonly SpanRecord[],
    logs: readonly LogRecord[] = [],
    receivedNs = nowNs(),
  ): Promise<WriteResult> {
    return this.inTurn(async ({ open }) => {
      const batch = await open()
      try {
        batch.addLogs(logs)
        await batch.addSpans(records, receivedNs)
      } catch (error) {
        batch.discard()
        throw error
      }
      return batch.commit()
    })
  }

  /** To be called when rows have been deleted: what comes again is stored again. */
  forget(): void {
    this.#memory.stored.clear()
  }
}

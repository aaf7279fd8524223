import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api'
import type { Utf8Writer } from '../../utf8-writer.ts'
import { RowBuffer } from './row-buffer.ts'

/** Buffers that wait for the next rows of a table, by connection: at most one each. */
const idle = new WeakMap<DuckDBConnection, Map<string, RowBuffer>>()

/** Appends rows: values in the order of the table's columns, then {@link end}. */
export class RowAppender {
  readonly #appender: DuckDBAppender
  readonly #rows: RowBuffer
  readonly #giveBack: () => void
  #closed = false

  private constructor(appender: DuckDBAppender, rows: RowBuffer, giveBack: () => void) {
    this.#appender = appender
    this.#rows = rows
    this.#giveBack = giveBack
  }

  /** Appends to a table within the connection's transaction. */
  static async open(connection: DuckDBConnection, table: string): Promise<RowAppender> {
    const appender = await connection.createAppender(table)
    const buffers = idle.get(connection) ?? new Map<string, RowBuffer>()
    idle.set(connection, buffers)
    const rows = buffers.get(table) ?? RowBuffer.for(appender)
    buffers.delete(table)
    return new RowAppender(appender, rows, () => buffers.set(table, rows))
  }

  text(value: string | null): this {
    this.#rows.text(value)
    return this
  }

  /** A text that is not made as a string first. */
  written(write: (out: Utf8Writer) => void): this {
    this.#rows.written(write)
    return this
  }

  unsigned(value: bigint | number | null): this {
    this.#rows.unsigned(value)
    return this
  }

  count(value: number): this {
    this.#rows.count(value)
    return this
  }

  double(value: number | null): this {
    this.#rows.double(value)
    return this
  }

  boolean(value: boolean): this {
    this.#rows.boolean(value)
    return this
  }

  end(): void {
    this.#rows.end(this.#appender)
  }

  /** To be called in any case: what was appended is in the table, or told to be wrong. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    try {
      this.#rows.flush(this.#appender)
    } finally {
      this.#appender.closeSync()
      this.#giveBack()
    }
  }

  /** Closes and forgets all rows, if it is not closed yet. */
  discard(): void {
    if (this.#closed) return
    this.#rows.clear()
    this.#appender.clear()
    this.close()
  }
}

/** Appends what `write` makes of each item, none or several rows, to a table within the connection's transaction. */
export async function appendRows<T>(
  connection: DuckDBConnection,
  table: string,
  items: Iterable<T>,
  write: (row: RowAppender, item: T) => void,
): Promise<void> {
  const row = await RowAppender.open(connection, table)
  try {
    for (const item of items) write(row, item)
  } finally {
    row.close()
  }
}

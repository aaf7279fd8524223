import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api'

/** Appends rows: values in the order of the table's columns, then {@link end}. */
export class RowAppender {
  readonly #appender: DuckDBAppender
  #closed = false

  private constructor(appender: DuckDBAppender) {
    this.#appender = appender
  }

  /** Appends to a table within the connection's transaction. */
  static async open(connection: DuckDBConnection, table: string): Promise<RowAppender> {
    return new RowAppender(await connection.createAppender(table))
  }

  text(value: string | null): this {
    if (value === null) this.#appender.appendNull()
    else this.#appender.appendVarchar(value)
    return this
  }

  unsigned(value: bigint | number | null): this {
    if (value === null) this.#appender.appendNull()
    else this.#appender.appendUBigInt(BigInt(value))
    return this
  }

  count(value: number): this {
    this.#appender.appendUInteger(value)
    return this
  }

  double(value: number | null): this {
    if (value === null) this.#appender.appendNull()
    else this.#appender.appendDouble(value)
    return this
  }

  boolean(value: boolean): this {
    this.#appender.appendBoolean(value)
    return this
  }

  end(): void {
    this.#appender.endRow()
  }

  /** To be called in any case: what was appended is in the table, or told to be wrong. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#appender.closeSync()
  }

  /** Closes and forgets all rows, if it is not closed yet. */
  discard(): void {
    if (this.#closed) return
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

import type { DuckDBConnection } from '@duckdb/node-api'
import type { Utf8Writer } from '../../../utf8-writer.ts'

/** Rows of a block, at most: those that a vector of DuckDB holds. */
export const ROWS = 2048

export type ColumnKind = 'text' | 'unsigned' | 'double' | 'count' | 'boolean'

/** Some rows on their way into a table. Only the way of appending that made them looks inside. */
export interface RowBlock {
  readonly rows: number
  /** Bytes that can be used again when the rows are written. */
  readonly bytes: number
}

/** Collects rows in blocks: values in the order of the columns, then {@link end}. */
export interface RowBuffer {
  text(value: string | null): this
  /** A text that is not made as a string first. */
  written(write: (out: Utf8Writer) => void): this
  unsigned(value: bigint | number | null): this
  count(value: number): this
  double(value: number | null): this
  boolean(value: boolean): this
  end(): void
  /** Gives away what rows there are. */
  flush(): void
  /** Forgets the rows that were not given away. */
  clear(): void
}

/** What becomes of a block. It returns a block that is not needed any more, if there is one: its memory is used again. */
export type TakeBlock = (block: RowBlock) => RowBlock | undefined

/** A way to lay rows out and to append them to tables. */
export interface Bulk {
  rowBuffer(kinds: readonly ColumnKind[], take: TakeBlock): RowBuffer
  /** Appends what `write` makes of each item, none or several rows, to a table within the connection's transaction. */
  appendRows<T>(
    connection: DuckDBConnection,
    table: string,
    items: Iterable<T>,
    write: (row: RowBuffer, item: T) => void,
  ): Promise<void>
  /** Appends blocks of rows to a table within the connection's transaction. The blocks may come from another thread. */
  appendBlocks(
    connection: DuckDBConnection,
    table: string,
    blocks: readonly RowBlock[],
  ): Promise<void>
}

/**
 * Types say that it is a text; what a stranger sent says nothing of types, and memory is written by its length.
 *
 * @throws {TypeError} where it is none.
 */
export function requireText(value: unknown): void {
  if (typeof value !== 'string') throw new TypeError(`A ${typeof value} is no text.`)
}

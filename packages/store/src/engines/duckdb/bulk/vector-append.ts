import { setImmediate } from 'node:timers/promises'
import { BLOB, type DuckDBAppender, type DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import { kindsOf } from './columns.ts'
import { type Bulk, type ColumnKind, ROWS, type RowBuffer } from './rows.ts'
import {
  INLINED,
  STRING_BYTES,
  STRING_WORDS,
  VALIDITY_BYTES,
  type VectorBlock,
  VectorRows,
  widths,
} from './vector-rows.ts'

/** Hands blocks over to a table's appender, which copies them. */
class Table {
  readonly kinds: readonly ColumnKind[]
  #rows: VectorRows | undefined
  readonly #chunk: DuckDBDataChunk
  /** A column on its way: DuckDB's binding takes no memory that threads share. */
  readonly #column = new Uint8Array(ROWS * STRING_BYTES)
  /** Its one text is all texts of a block; the columns' strings point into it. */
  readonly #texts = DuckDBDataChunk.create([BLOB], 1)
  #appender: DuckDBAppender

  constructor(appender: DuckDBAppender) {
    if (duckdb.vector_size() !== ROWS) throw new TypeError('DuckDB has vectors of another length.')
    this.#appender = appender
    this.kinds = kindsOf(appender)
    const types = this.kinds.map((_, column) => appender.columnType(column))
    this.#chunk = DuckDBDataChunk.create(types)
  }

  /** Rows on their way to the appender that is open. */
  get rows(): RowBuffer {
    this.#rows ??= new VectorRows(this.kinds, (block) => {
      this.append(block)
      return block
    })
    return this.#rows
  }

  use(appender: DuckDBAppender): void {
    this.#appender = appender
  }

  append({ rows, columns, hasNull, text, textLength }: VectorBlock): void {
    const { chunk } = this.#chunk
    try {
      const address = this.#handOver(text, textLength)
      let start = 0
      for (const [index, kind] of this.kinds.entries()) {
        const vector = duckdb.data_chunk_get_vector(chunk, index)
        const bytes = rows * widths[kind]
        const column = this.#copied(columns, start, bytes)
        if (kind === 'text') point(new Uint32Array(column, 0, rows * STRING_WORDS), address)
        duckdb.copy_data_to_vector(vector, 0, column, 0, bytes)
        start += ROWS * widths[kind]
        if (hasNull[index]) {
          const validity = this.#copied(columns, start, VALIDITY_BYTES)
          duckdb.vector_ensure_validity_writable(vector)
          duckdb.copy_data_to_vector_validity(vector, 0, validity, 0, VALIDITY_BYTES)
        }
        start += VALIDITY_BYTES
      }
      this.#chunk.rowCount = rows
      this.#appender.appendDataChunk(this.#chunk)
    } finally {
      this.#chunk.reset()
      this.#texts.reset()
    }
  }

  #copied(from: SharedArrayBuffer, start: number, length: number): ArrayBuffer {
    this.#column.set(new Uint8Array(from, start, length))
    return this.#column.buffer
  }

  /** Copies the texts to where DuckDB can reach them. @returns their address: its lower and its higher word. */
  #handOver(text: SharedArrayBuffer, length: number): readonly [number, number] {
    // Then every text is in place.
    if (length <= INLINED) return [0, 0]
    const vector = duckdb.data_chunk_get_vector(this.#texts.chunk, 0)
    duckdb.vector_assign_string_element_len(vector, 0, new Uint8Array(text, 0, length))
    const { buffer, byteOffset } = duckdb.vector_get_data(vector, STRING_BYTES)
    const string = new DataView(buffer, byteOffset, STRING_BYTES)
    return [string.getUint32(8, true), string.getUint32(12, true)]
  }
}

/** Makes addresses of the places in the texts. */
function point(words: Uint32Array, [low, high]: readonly [number, number]): void {
  for (let at = 0; at < words.length; at += STRING_WORDS) {
    if ((words[at] ?? 0) <= INLINED) continue
    const address = low + (words[at + 2] ?? 0)
    words[at + 2] = address
    words[at + 3] = address > 0xffff_ffff ? high + 1 : high
  }
}

/** Tables to which nothing is being appended, by connection. */
const idle = new WeakMap<DuckDBConnection, Map<string, Table>>()

/** Appends within the connection's transaction: it is in the table at the end, or told to be wrong. */
async function appending(
  connection: DuckDBConnection,
  name: string,
  task: (table: Table) => Promise<void> | void,
): Promise<void> {
  const appender = await connection.createAppender(name)
  try {
    const tables = idle.get(connection) ?? new Map<string, Table>()
    idle.set(connection, tables)
    const table = tables.get(name) ?? new Table(appender)
    tables.delete(name)
    table.use(appender)
    await task(table)
    tables.set(name, table)
  } finally {
    appender.closeSync()
  }
}

/** Appends whole vectors. */
export const vectorBulk: Bulk = {
  // What comes back is a block that this buffer gave away.
  rowBuffer: (kinds, take) =>
    new VectorRows(kinds, (block) => take(block) as VectorBlock | undefined),

  appendRows: (connection, table, items, write) =>
    appending(connection, table, ({ rows }) => {
      for (const item of items) write(rows, item)
      rows.flush()
    }),

  async appendBlocks(connection, table, blocks: readonly VectorBlock[]) {
    if (blocks.length === 0) return
    await appending(connection, table, async (to) => {
      for (const block of blocks) {
        to.append(block)
        // Whoever asks something meanwhile is not to wait for all of them.
        await setImmediate()
      }
    })
  },
}

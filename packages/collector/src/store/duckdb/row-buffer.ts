import {
  BLOB,
  type DuckDBAppender,
  DuckDBDataChunk,
  type DuckDBType,
  DuckDBTypeId,
} from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import { Utf8Writer } from '../../utf8-writer.ts'

/** Rows that a vector of DuckDB holds. */
const ROWS = duckdb.vector_size()
/** Texts of more bytes than that are given to the appender before the vector is full. */
const TEXT_BYTES = 8 << 20

// A `duckdb_string_t` (duckdb.h): its length, and then up to 12 bytes of text in place, or the first four bytes of
// a longer one and its address.
const STRING_BYTES = 16
const STRING_WORDS = 4
const INLINED = 12

const widths: Partial<Record<DuckDBTypeId, number>> = {
  [DuckDBTypeId.VARCHAR]: STRING_BYTES,
  [DuckDBTypeId.UBIGINT]: 8,
  [DuckDBTypeId.DOUBLE]: 8,
  [DuckDBTypeId.UINTEGER]: 4,
  [DuckDBTypeId.BOOLEAN]: 1,
}

/** One column of the rows in the buffer, laid out as DuckDB's vector of it is; little-endian, as all its platforms are. */
class Column {
  readonly typeId: DuckDBTypeId
  readonly data: ArrayBuffer
  readonly bytes: Uint8Array
  readonly words: Uint32Array
  readonly bigints: BigUint64Array
  readonly doubles: Float64Array
  readonly validity = new Uint8Array(ROWS / 8).fill(0xff)
  hasNull = false
  /** The latest text and its row: one that comes again is not written again. */
  latest: string | undefined
  latestRow = 0

  constructor(type: DuckDBType) {
    this.typeId = type.typeId
    this.data = new ArrayBuffer(ROWS * this.width)
    this.bytes = new Uint8Array(this.data)
    this.words = new Uint32Array(this.width < 4 ? new ArrayBuffer(0) : this.data)
    this.bigints = new BigUint64Array(this.width < 8 ? new ArrayBuffer(0) : this.data)
    this.doubles = new Float64Array(this.width < 8 ? new ArrayBuffer(0) : this.data)
  }

  get width(): number {
    const width = widths[this.typeId]
    if (width === undefined) throw new TypeError(`Rows have no columns of type ${this.typeId}.`)
    return width
  }

  setNull(row: number): void {
    this.validity[row >> 3] = (this.validity[row >> 3] ?? 0) & ~(1 << (row & 7))
    this.hasNull = true
  }

  /** Makes the text of a row that of the latest row with one. */
  repeat(row: number): void {
    const { words } = this
    const from = this.latestRow * STRING_WORDS
    const to = row * STRING_WORDS
    for (let i = 0; i < STRING_WORDS; i++) words[to + i] = words[from + i] ?? 0
  }

  clear(): void {
    if (this.hasNull) this.validity.fill(0xff)
    this.hasNull = false
    this.latest = undefined
  }
}

/**
 * Collects rows and gives them to an appender a vector at a time. DuckDB's own calls, one for each value, took longer
 * than anything else that is done to a span.
 */
export class RowBuffer {
  readonly #columns: readonly Column[]
  readonly #chunk: DuckDBDataChunk
  /** Its one text is all texts of the chunk; the columns' strings point into it. */
  readonly #texts = DuckDBDataChunk.create([BLOB], 1)
  readonly #text = new Utf8Writer()
  #row = 0
  #column = 0

  private constructor(types: readonly DuckDBType[]) {
    this.#columns = types.map((type) => new Column(type))
    this.#chunk = DuckDBDataChunk.create(types)
  }

  static for(appender: DuckDBAppender): RowBuffer {
    return new RowBuffer(
      Array.from({ length: appender.columnCount }, (_, column) => appender.columnType(column)),
    )
  }

  text(value: string | null): void {
    const column = this.#next(DuckDBTypeId.VARCHAR)
    const row = this.#row
    if (value === null) {
      column.words[row * STRING_WORDS] = 0
      column.setNull(row)
      return
    }
    if (value === column.latest) {
      column.repeat(row)
      return
    }
    const start = this.#text.length
    this.#text.text(value)
    this.#setText(column, start)
    column.latest = value
    column.latestRow = row
  }

  /** A text that is written in place. */
  written(write: (out: Utf8Writer) => void): void {
    const column = this.#next(DuckDBTypeId.VARCHAR)
    const start = this.#text.length
    write(this.#text)
    this.#setText(column, start)
  }

  unsigned(value: bigint | number | null): void {
    const column = this.#next(DuckDBTypeId.UBIGINT)
    if (value === null) column.setNull(this.#row)
    else column.bigints[this.#row] = BigInt(value)
  }

  count(value: number): void {
    this.#next(DuckDBTypeId.UINTEGER).words[this.#row] = value
  }

  double(value: number | null): void {
    const column = this.#next(DuckDBTypeId.DOUBLE)
    if (value === null) column.setNull(this.#row)
    else column.doubles[this.#row] = value
  }

  boolean(value: boolean): void {
    this.#next(DuckDBTypeId.BOOLEAN).bytes[this.#row] = value ? 1 : 0
  }

  /** Ends a row; when the buffer is full, its rows go to the appender. */
  end(appender: DuckDBAppender): void {
    if (this.#column !== this.#columns.length) throw new TypeError('A row lacks columns.')
    this.#column = 0
    this.#row++
    if (this.#row === ROWS || this.#text.length > TEXT_BYTES) this.flush(appender)
  }

  /** Gives all rows to the appender, which copies them. */
  flush(appender: DuckDBAppender): void {
    if (this.#row === 0) return
    const { chunk } = this.#chunk
    const address = this.#handOverTexts()
    for (const [index, column] of this.#columns.entries()) {
      if (column.typeId === DuckDBTypeId.VARCHAR) this.#point(column.words, address)
      const vector = duckdb.data_chunk_get_vector(chunk, index)
      duckdb.copy_data_to_vector(vector, 0, column.data, 0, this.#row * column.width)
      if (!column.hasNull) continue
      duckdb.vector_ensure_validity_writable(vector)
      const { buffer, byteLength } = column.validity
      duckdb.copy_data_to_vector_validity(vector, 0, buffer, 0, byteLength)
    }
    this.#chunk.rowCount = this.#row
    try {
      appender.appendDataChunk(this.#chunk)
    } finally {
      this.clear()
    }
  }

  /** Forgets all rows. */
  clear(): void {
    for (const column of this.#columns) column.clear()
    this.#chunk.reset()
    this.#texts.reset()
    this.#row = 0
    this.#column = 0
    this.#text.cutTo(0, TEXT_BYTES)
  }

  #next(typeId: DuckDBTypeId): Column {
    const column = this.#columns[this.#column++]
    if (column?.typeId !== typeId) throw new TypeError(`Column ${this.#column} has another type.`)
    return column
  }

  /** Makes what has been written since `start` the text of a column. */
  #setText({ words, bytes }: Column, start: number): void {
    const text = this.#text.bytes
    const length = this.#text.length - start
    const at = this.#row * STRING_WORDS
    const to = this.#row * STRING_BYTES + 4
    words[at] = length
    if (length <= INLINED) {
      for (let i = 0; i < INLINED; i++) bytes[to + i] = i < length ? (text[start + i] ?? 0) : 0
      this.#text.cutTo(start)
    } else {
      for (let i = 0; i < 4; i++) bytes[to + i] = text[start + i] ?? 0
      words[at + 2] = start
    }
  }

  /** Copies the texts to where DuckDB can reach them. @returns their address: its lower and its higher word. */
  #handOverTexts(): readonly [number, number] {
    // What is not longer than a string in place would have no address.
    if (this.#text.length <= INLINED) this.#text.text(' '.repeat(INLINED + 1))
    const text = this.#text.bytes.subarray(0, this.#text.length)
    const vector = duckdb.data_chunk_get_vector(this.#texts.chunk, 0)
    duckdb.vector_assign_string_element_len(vector, 0, text)
    const { buffer, byteOffset } = duckdb.vector_get_data(vector, STRING_BYTES)
    const string = new DataView(buffer, byteOffset, STRING_BYTES)
    return [string.getUint32(8, true), string.getUint32(12, true)]
  }

  /** Makes addresses of the places in the texts. */
  #point(words: Uint32Array, [low, high]: readonly [number, number]): void {
    const end = this.#row * STRING_WORDS
    for (let at = 0; at < end; at += STRING_WORDS) {
      if ((words[at] ?? 0) <= INLINED) continue
      const address = low + (words[at + 2] ?? 0)
      words[at + 2] = address
      words[at + 3] = address > 0xffff_ffff ? high + 1 : high
    }
  }
}

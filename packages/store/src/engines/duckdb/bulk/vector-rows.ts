import { Utf8Writer } from '../../../utf8-writer.ts'
import { type ColumnKind, ROWS, type RowBlock, type RowBuffer, requireText } from './rows.ts'

/** A block with more bytes of text than that is full. */
const TEXT_BYTES = 8 << 20
const FIRST_BYTES = 1024

// A `duckdb_string_t` (duckdb.h): its length, and then up to 12 bytes of text in place, or the first four bytes of
// a longer one and its address.
export const STRING_BYTES = 16
export const STRING_WORDS = 4
export const INLINED = 12

/** Bytes of one value. */
export const widths: Readonly<Record<ColumnKind, number>> = {
  text: STRING_BYTES,
  unsigned: 8,
  double: 8,
  count: 4,
  boolean: 1,
}
/** Bytes that say, a bit each, which rows of a column have a value. */
export const VALIDITY_BYTES = ROWS / 8

/** What the rows of a block are in: threads can share it. */
export interface BlockMemory {
  readonly columns: SharedArrayBuffer
  readonly text: SharedArrayBuffer
}

/**
 * Rows laid out as DuckDB has them, column after column: {@link ROWS} values, then {@link VALIDITY_BYTES}. A long text
 * is in `text`, with its place there instead of its address.
 */
export interface VectorBlock extends RowBlock, BlockMemory {
  /** Of each column, whether some row has no value. */
  readonly hasNull: readonly boolean[]
  readonly textLength: number
}

const nothing = new SharedArrayBuffer(0)
const noBytes = new Uint8Array(nothing)
const noWords = new Uint32Array(nothing)
const noBigints = new BigUint64Array(nothing)
const noDoubles = new Float64Array(nothing)

/** One column of the rows in the buffer; little-endian, as all of DuckDB's platforms are. */
class Column {
  readonly kind: ColumnKind
  bytes = noBytes
  words = noWords
  bigints = noBigints
  doubles = noDoubles
  validity = noBytes
  hasNull = false
  /** The latest text and its row: one that comes again is not written again. */
  latest: string | undefined
  latestRow = 0

  constructor(kind: ColumnKind) {
    this.kind = kind
  }

  /** Begins anew at a place in memory. @returns where it ends. */
  begin(memory: SharedArrayBuffer, start: number): number {
    const width = widths[this.kind]
    const values = ROWS * width
    this.bytes = new Uint8Array(memory, start, values)
    this.words = width < 4 ? noWords : new Uint32Array(memory, start, values / 4)
    this.bigints = width < 8 ? noBigints : new BigUint64Array(memory, start, values / 8)
    this.doubles = width < 8 ? noDoubles : new Float64Array(memory, start, values / 8)
    this.validity = new Uint8Array(memory, start + values, VALIDITY_BYTES).fill(0xff)
    this.hasNull = false
    this.latest = undefined
    return start + values + VALIDITY_BYTES
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
}

/** Rows in the memory of vectors. DuckDB's own calls, one for each value, took longer than anything else that is done to a span. */
export class VectorRows implements RowBuffer {
  readonly #columns: readonly Column[]
  readonly #take: (block: VectorBlock) => BlockMemory | undefined
  #memory: BlockMemory
  #text: Utf8Writer
  /** What the writer has its texts in. */
  #textMemory: SharedArrayBuffer
  #row = 0
  #column = 0

  /** @param take what becomes of a full block; it says which memory can be written to from then on, if any. */
  constructor(
    kinds: readonly ColumnKind[],
    take: (block: VectorBlock) => BlockMemory | undefined,
    memory = memoryFor(kinds),
  ) {
    this.#columns = kinds.map((kind) => new Column(kind))
    this.#take = take
    this.#memory = memory
    this.#textMemory = memory.text
    this.#text = this.#begin(memory)
  }

  text(value: string | null): this {
    const column = this.#next('text')
    const row = this.#row
    if (value === null) {
      column.words[row * STRING_WORDS] = 0
      column.setNull(row)
      return this
    }
    if (value === column.latest) {
      column.repeat(row)
      return this
    }
    requireText(value)
    const start = this.#text.length
    this.#text.text(value)
    this.#setText(column, start)
    column.latest = value
    column.latestRow = row
    return this
  }

  written(write: (out: Utf8Writer) => void): this {
    const column = this.#next('text')
    const start = this.#text.length
    write(this.#text)
    this.#setText(column, start)
    return this
  }

  unsigned(value: bigint | number | null): this {
    const column = this.#next('unsigned')
    if (value === null) column.setNull(this.#row)
    else column.bigints[this.#row] = BigInt(value)
    return this
  }

  count(value: number): this {
    this.#next('count').words[this.#row] = value
    return this
  }

  double(value: number | null): this {
    const column = this.#next('double')
    if (value === null) column.setNull(this.#row)
    else column.doubles[this.#row] = value
    return this
  }

  boolean(value: boolean): this {
    this.#next('boolean').bytes[this.#row] = value ? 1 : 0
    return this
  }

  end(): void {
    if (this.#column !== this.#columns.length) throw new TypeError('A row lacks columns.')
    this.#column = 0
    this.#row++
    if (this.#row === ROWS || this.#text.length > TEXT_BYTES) this.flush()
  }

  flush(): void {
    if (this.#row === 0) return
    const { columns } = this.#memory
    const hasNull = this.#columns.map((column) => column.hasNull)
    const { bytes, length } = this.#text
    const text = this.#textMemory
    const taken = columns.byteLength + text.byteLength
    let memory: BlockMemory | undefined = { columns, text }
    try {
      memory = this.#take({ ...memory, rows: this.#row, bytes: taken, hasNull, textLength: length })
    } finally {
      const kinds = this.#columns.map(({ kind }) => kind)
      this.#text = this.#begin(memory ?? memoryFor(kinds, bytes.byteLength))
    }
  }

  clear(): void {
    this.#text = this.#begin(this.#memory)
  }

  #begin(memory: BlockMemory): Utf8Writer {
    const { columns, text } = memory
    let end = 0
    for (const column of this.#columns) end = column.begin(columns, end)
    this.#memory = memory
    this.#row = 0
    this.#column = 0
    // Of memory for long texts no more than usual is kept.
    const kept = text.byteLength > 2 * TEXT_BYTES ? new SharedArrayBuffer(FIRST_BYTES) : text
    this.#textMemory = kept
    const allocate = (bytes: number) => {
      this.#textMemory = new SharedArrayBuffer(bytes)
      return Buffer.from(this.#textMemory)
    }
    return new Utf8Writer(allocate, Buffer.from(kept))
  }

  #next(kind: ColumnKind): Column {
    const column = this.#columns[this.#column++]
    if (column?.kind !== kind) throw new TypeError(`Column ${this.#column} has another type.`)
    return column
  }

  /** Makes what has been written since `start` the text of a column. */
  #setText({ words, bytes }: Column, start: number): void {
    const text = this.#text.bytes
    const length = this.#text.length - start
    // A length that is none would make DuckDB read elsewhere.
    if (!(length >= 0)) throw new TypeError('What was written is no text.')
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
}

function memoryFor(kinds: readonly ColumnKind[], textBytes = FIRST_BYTES): BlockMemory {
  const bytes = kinds.reduce((sum, kind) => sum + ROWS * widths[kind] + VALIDITY_BYTES, 0)
  return { columns: new SharedArrayBuffer(bytes), text: new SharedArrayBuffer(textBytes) }
}

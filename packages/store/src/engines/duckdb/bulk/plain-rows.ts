import { Utf8Writer } from '../../../utf8-writer.ts'
import { type ColumnKind, ROWS, type RowBlock, type RowBuffer, requireText } from './rows.ts'

export type Value = string | bigint | number | boolean | null

export interface PlainBlock extends RowBlock {
  readonly values: readonly (readonly Value[])[]
}

/** Rows as arrays of values. */
export class PlainRows implements RowBuffer {
  readonly #kinds: readonly ColumnKind[]
  readonly #take: (block: PlainBlock) => unknown
  #rows: Value[][] = []
  #row: Value[] = []

  constructor(kinds: readonly ColumnKind[], take: (block: PlainBlock) => unknown) {
    this.#kinds = kinds
    this.#take = take
  }

  text(value: string | null): this {
    if (value === null) return this.#add('text', null)
    requireText(value)
    return this.#add('text', value.toWellFormed())
  }

  written(write: (out: Utf8Writer) => void): this {
    const out = new Utf8Writer()
    write(out)
    return this.#add('text', out.toString())
  }

  unsigned(value: bigint | number | null): this {
    return this.#add('unsigned', value === null ? null : BigInt.asUintN(64, BigInt(value)))
  }

  count(value: number): this {
    return this.#add('count', value >>> 0)
  }

  double(value: number | null): this {
    return this.#add('double', value)
  }

  boolean(value: boolean): this {
    return this.#add('boolean', value)
  }

  end(): void {
    if (this.#row.length !== this.#kinds.length) throw new TypeError('A row lacks columns.')
    this.#rows.push(this.#row)
    this.#row = []
    if (this.#rows.length === ROWS) this.flush()
  }

  flush(): void {
    if (this.#rows.length === 0) return
    const values = this.#rows
    this.clear()
    this.#take({ rows: values.length, bytes: 0, values })
  }

  clear(): void {
    this.#rows = []
    this.#row = []
  }

  #add(kind: ColumnKind, value: Value): this {
    const column = this.#row.length
    if (this.#kinds[column] !== kind) throw new TypeError(`Column ${column + 1} has another type.`)
    this.#row.push(value)
    return this
  }
}

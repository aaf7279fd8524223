import {
  BOOLEAN,
  DOUBLE,
  type DuckDBType,
  type DuckDBValue,
  LIST,
  listValue,
  UBIGINT,
  UINTEGER,
  VARCHAR,
} from '@duckdb/node-api'
import { Utf8Writer, type WriteJson } from '../../../utf8-writer.ts'
import type { RowBuffer } from '../bulk/index.ts'

export type SqlType =
  | 'VARCHAR'
  | 'JSON'
  | 'UBIGINT'
  | 'UINTEGER'
  | 'DOUBLE'
  | 'BOOLEAN'
  | 'VARCHAR[]'

/** What reading, the schema and the reference page need to know of a column. */
export interface ColumnShape {
  readonly name: string
  readonly type: SqlType
  /** Whether a row may have nothing in it. */
  readonly nullable: boolean
  /** What it holds, in a sentence. */
  readonly doc: string
  /** Version of the tables that added it. Default: the table has had it from its first description on. */
  readonly since?: number
  /** What the view of the table shows of it. Default: the column as it is. */
  readonly shown?: readonly ShownColumn[]
  /** Whether its value changes when a log says more of the span. */
  readonly reread?: boolean
  /** The value in a row of the database, or in its text. */
  readonly read: (stored: unknown) => unknown
}

/** A column of a view that is made of a column of the table. */
export interface ShownColumn {
  readonly name: string
  readonly type: string
  /** SQL expression over the tables that the view joins. */
  readonly sql: string
  readonly doc: string
}

/** A column: how its value is taken from what a row is written of, and how it is read again. */
export interface Column<Source, Name extends string = string, Value = unknown> extends ColumnShape {
  readonly name: Name
  /** The value to bind to a statement. */
  readonly bound: (source: Source) => DuckDBValue
  /** Puts the value into a block of rows; `null` where blocks have no such type. */
  readonly put: ((row: RowBuffer, source: Source) => void) | null
  readonly read: (stored: unknown) => Value
}

export type ColumnOptions = Pick<ColumnShape, 'since' | 'shown' | 'reread'>

const bindings: Readonly<Record<SqlType, DuckDBType>> = {
  VARCHAR,
  JSON: VARCHAR,
  UBIGINT,
  UINTEGER,
  DOUBLE,
  BOOLEAN,
  'VARCHAR[]': LIST(VARCHAR),
}

/** The type as which a column's value is bound. */
export function bindingOf({ type }: ColumnShape): DuckDBType {
  return bindings[type]
}

/**
 * Makers of columns, for rows that are written of one type of source.
 *
 * @example const { text } = columnsOf<{ id: string }>(); text('id', 'Its id.', ({ id }) => id)
 */
export function columnsOf<Source>() {
  type From<Value> = (source: Source) => Value

  function texts(type: 'VARCHAR' | 'JSON') {
    return {
      always: <const Name extends string>(
        name: Name,
        doc: string,
        from: From<string>,
        options: ColumnOptions = {},
      ): Column<Source, Name, string> => ({
        ...{ name, type, nullable: false, doc, bound: from, read: String, ...options },
        put: (row, source) => void row.text(from(source)),
      }),
      orNull: <const Name extends string>(
        name: Name,
        doc: string,
        from: From<string | null>,
        options: ColumnOptions = {},
      ): Column<Source, Name, string | null> => ({
        ...{ name, type, nullable: true, doc, bound: from, read: orNull(String), ...options },
        put: (row, source) => void row.text(from(source)),
      }),
    }
  }

  return {
    text: texts('VARCHAR').always,
    textOrNull: texts('VARCHAR').orNull,
    json: texts('JSON').always,
    jsonOrNull: texts('JSON').orNull,

    /** JSON that is not made as a string first. */
    writtenJson: <const Name extends string>(
      name: Name,
      doc: string,
      write: (out: Utf8Writer, source: Source) => void,
      options: ColumnOptions = {},
    ): Column<Source, Name, string> => ({
      ...{ name, type: 'JSON', nullable: false, doc, read: String, ...options },
      bound: (source) => textOf((out) => write(out, source)),
      put: (row, source) => void row.written((out) => write(out, source)),
    }),

    writtenJsonOrNull: <const Name extends string>(
      name: Name,
      doc: string,
      from: From<WriteJson | null>,
      options: ColumnOptions = {},
    ): Column<Source, Name, string | null> => ({
      ...{ name, type: 'JSON', nullable: true, doc, read: orNull(String), ...options },
      bound: (source) => {
        const write = from(source)
        return write === null ? null : textOf(write)
      },
      put: (row, source) => {
        const write = from(source)
        if (write === null) row.text(null)
        else row.written(write)
      },
    }),

    unsigned: <const Name extends string>(
      name: Name,
      doc: string,
      from: From<bigint>,
      options: ColumnOptions = {},
    ): Column<Source, Name, bigint> => ({
      ...{ name, type: 'UBIGINT', nullable: false, doc, bound: from, read: toBigint, ...options },
      put: (row, source) => void row.unsigned(from(source)),
    }),

    unsignedOrNull: <const Name extends string>(
      name: Name,
      doc: string,
      from: From<number | null>,
      options: ColumnOptions = {},
    ): Column<Source, Name, bigint | null> => ({
      ...{ name, type: 'UBIGINT', nullable: true, doc, read: orNull(toBigint), ...options },
      bound: (source) => {
        const value = from(source)
        return value === null ? null : BigInt(value)
      },
      put: (row, source) => void row.unsigned(from(source)),
    }),

    count: <const Name extends string>(
      name: Name,
      doc: string,
      from: From<number>,
      options: ColumnOptions = {},
    ): Column<Source, Name, number> => ({
      ...{ name, type: 'UINTEGER', nullable: false, doc, bound: from, read: Number, ...options },
      put: (row, source) => void row.count(from(source)),
    }),

    doubleOrNull: <const Name extends string>(
      name: Name,
      doc: string,
      from: From<number | null>,
      options: ColumnOptions = {},
    ): Column<Source, Name, number | null> => ({
      ...{ name, type: 'DOUBLE', nullable: true, doc, bound: from, ...options },
      read: orNull(Number),
      put: (row, source) => void row.double(from(source)),
    }),

    boolean: <const Name extends string>(
      name: Name,
      doc: string,
      from: From<boolean>,
      options: ColumnOptions = {},
    ): Column<Source, Name, boolean> => ({
      ...{ name, type: 'BOOLEAN', nullable: false, doc, bound: from, read: toBoolean, ...options },
      put: (row, source) => void row.boolean(from(source)),
    }),

    booleanOrNull: <const Name extends string>(
      name: Name,
      doc: string,
      from: From<boolean | null>,
      options: ColumnOptions = {},
    ): Column<Source, Name, boolean | null> => ({
      ...{ name, type: 'BOOLEAN', nullable: true, doc, bound: from, ...options },
      read: orNull(toBoolean),
      put: null,
    }),

    textList: <const Name extends string>(
      name: Name,
      doc: string,
      from: From<readonly string[]>,
      options: ColumnOptions = {},
    ): Column<Source, Name, readonly string[]> => ({
      ...{ name, type: 'VARCHAR[]', nullable: false, doc, put: null, ...options },
      bound: (source) => listValue([...from(source)]),
      read: (stored) => (Array.isArray(stored) ? stored.map(String) : []),
    }),
  }
}

function orNull<Value>(read: (stored: unknown) => Value): (stored: unknown) => Value | null {
  return (stored) => (stored === null || stored === undefined ? null : read(stored))
}

function toBigint(stored: unknown): bigint {
  return BigInt(String(stored))
}

function toBoolean(stored: unknown): boolean {
  return stored === true || stored === 'true'
}

function textOf(write: WriteJson): string {
  const out = new Utf8Writer()
  write(out)
  return out.toString()
}

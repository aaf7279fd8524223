import type { Column, ColumnShape, ShownColumn } from './column.ts'

/** A table, or a view of it, in so far as it needs no rows to be described. */
export interface TableShape {
  readonly name: string
  /** What a row is, in a sentence or two. */
  readonly doc: string
  readonly columns: readonly ColumnShape[]
  /** Names of the columns that no two rows have alike. */
  readonly key?: readonly string[]
  /** Version of the tables that added it. Default: the first that is described. */
  readonly since?: number
  readonly view?: View
}

/** The view of a table: what users ask, and what an export holds. */
export interface View {
  readonly name: string
  /** What it selects from. Default: the table. */
  readonly from?: string
  /** Its columns in the order that users know. Others come after them in the order of the table. */
  readonly order?: readonly string[]
  /** Columns that are made of other tables than this. */
  readonly joined?: readonly ShownColumn[]
}

/** The one description of a table. */
export interface Table<Columns extends readonly Column<never>[]> extends TableShape {
  readonly columns: Columns
}

/** A table whose rows are written of some source. */
export interface TableFrom<Source> extends TableShape {
  readonly columns: readonly Column<Source>[]
}

/**
 * Describes a table. Its schema, the migration of a store that lacks one of its columns, what writes and reads its rows,
 * its view and its part of the reference page come from this.
 */
export function table<const Columns extends readonly Column<never>[]>(
  described: Table<Columns>,
): Table<Columns> {
  return described
}

/** Names of a table's columns. */
export type NameIn<Of extends TableShape> = Of['columns'][number]['name']

/** A row of a table as it is read: of all of its columns, or of some. */
export type RowOf<Of extends TableShape, Name extends NameIn<Of> = NameIn<Of>> = {
  readonly [C in Of['columns'][number] as C['name'] & Name]: ValueOf<C>
}

type ValueOf<C> = C extends { readonly read: (stored: unknown) => infer Value } ? Value : never

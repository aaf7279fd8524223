import type { NodeSort } from '../node-id.ts'

/**
 * The language of the graph's rules: Datalog over the rows of one trace, with clauses of one or two rows, stratified
 * negation and no recursion but that of nesting. `evaluate.ts` runs rules over rows in memory; an engine writes them as
 * a query of its own. What the language can say is kept to what both can run in time that grows with rows and results.
 */
export interface Relation<Column extends string = string> {
  readonly name: string
  readonly columns: readonly Column[]
  /** How its rows are derived; of a relation without clauses, they are given. */
  readonly clauses: readonly Clause[]
  /** What must hold of the spans in `producer` and `consumer`. */
  readonly order: Order | undefined
}

/**
 * How two spans may follow one another. `in-turn`: the producer begins no later than the consumer. `two`: they are two, and
 * neither is inside the other, however deep. `apart`: moreover the producer begins and ends no later. Clocks of two machines may
 * differ a little: that a consumer begins when its producer has ended is not asked for.
 */
export type Order = 'in-turn' | 'two' | 'apart'

/** Rows of up to two relations that meet conditions, and the row that follows from them. */
export interface Clause<Head = Readonly<Record<string, Term>>> {
  readonly rows: readonly RowName[]
  readonly where: readonly Condition[]
  readonly unless: Exception | undefined
  readonly gives: Head
}

/** A name for a row of a relation, within one clause. */
export interface RowName {
  readonly name: string
  readonly relation: Relation
}

/** A clause does not hold where there is a row with these values. */
export interface Exception {
  readonly relation: Relation
  readonly equal: readonly { readonly column: string; readonly to: Cell }[]
}

/** A column of a named row. */
export interface Cell {
  readonly row: string
  readonly column: string
}

/** A column, a text, or the id of the trace at hand. */
export type Term = Cell | { readonly text: string } | { readonly trace: true }

/** Nothing equals `null`, and no text is within it. */
export type Condition =
  | { readonly is: 'equal'; readonly cell: Cell; readonly to: Term }
  | { readonly is: 'oneOf'; readonly cell: Cell; readonly texts: readonly string[] }
  | { readonly is: 'true'; readonly cell: Cell }
  | { readonly is: 'false'; readonly cell: Cell }
  | { readonly is: 'null'; readonly cell: Cell }
  /** At least so many characters. */
  | { readonly is: 'long'; readonly cell: Cell; readonly characters: number }
  /** As whole words, where they are short: `call_1` is not within `call_10`. */
  | { readonly is: 'within'; readonly words: Cell; readonly cell: Cell }

/** The node that an edge leads from or to. */
export interface NodeTerm {
  readonly sort: NodeSort
  readonly a: Term
  readonly b: Term | undefined
}

export interface EdgeTerms {
  readonly from: NodeTerm
  readonly to: NodeTerm
  readonly role: Term
  readonly pointer: Term
  readonly how: Term
}

type Relations = Readonly<Record<string, Relation>>
type Cells<R extends Relations> = {
  readonly [Name in keyof R]: { readonly [Column in R[Name]['columns'][number]]: Cell }
}
type Said<Head> = Pick<Clause<Head>, 'where' | 'gives'> & Partial<Pick<Clause<Head>, 'unless'>>

/** A relation whose rows are given. */
export function given<const Column extends string>(
  name: string,
  columns: readonly Column[],
): Relation<Column> {
  return { name, columns, clauses: [], order: undefined }
}

/** A relation whose rows follow from others. */
export function derived<const Column extends string>(
  name: string,
  columns: readonly Column[],
  clauses: readonly Clause<Readonly<Record<NoInfer<Column>, Term>>>[],
  { order }: { readonly order?: Order } = {},
): Relation<Column> {
  return { name, columns, clauses, order }
}

/** A clause over rows of some relations: `say` is given their columns. */
export function clause<const R extends Relations, Head>(
  relations: R,
  say: (cells: Cells<R>) => Said<Head>,
): Clause<Head> {
  const rows = Object.entries(relations).map(([name, relation]) => ({ name, relation }))
  return { rows, unless: undefined, ...say(cellsOf(rows) as Cells<R>) }
}

function cellsOf(rows: readonly RowName[]) {
  return Object.fromEntries(
    rows.map(({ name, relation }) => [
      name,
      Object.fromEntries(relation.columns.map((column) => [column, { row: name, column }])),
    ]),
  )
}

export const text = (written: string): Term => ({ text: written })
export const thisTrace: Term = { trace: true }

export const equal = (cell: Cell, to: Term): Condition => ({ is: 'equal', cell, to })
export const oneOf = (cell: Cell, texts: readonly string[]): Condition => ({
  is: 'oneOf',
  cell,
  texts,
})
export const isTrue = (cell: Cell): Condition => ({ is: 'true', cell })
export const isFalse = (cell: Cell): Condition => ({ is: 'false', cell })
export const isNull = (cell: Cell): Condition => ({ is: 'null', cell })
export const long = (cell: Cell, characters: number): Condition => ({
  is: 'long',
  cell,
  characters,
})
export const within = (words: Cell, cell: Cell): Condition => ({ is: 'within', words, cell })

/** Where a relation has a row with such values. */
export function has<Column extends string>(
  relation: Relation<Column>,
  values: { readonly [Name in NoInfer<Column>]?: Cell },
): Exception {
  const equal = relation.columns.flatMap((column) => {
    const to: Cell | undefined = values[column]
    return to === undefined ? [] : [{ column, to }]
  })
  return { relation, equal }
}

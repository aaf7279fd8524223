import { isWithin } from '../word-search.ts'
import type { Clause, Condition, Relation, RowName, Term } from './language.ts'

/** Of a column that rules know, a text, a boolean or `null`. Rows may hold more than rules know. */
export type Value = unknown
export type Row = Readonly<Record<string, Value>>

/** Reads a term from the rows of a clause. */
export type Read = (first: Row, last: Row, traceId: string) => Value

/** A clause, made ready for being evaluated over the rows of many traces. */
export interface Plan {
  /** Where its rows come from, one or two of them, and what each must meet by itself. */
  readonly sources: readonly Source[]
  /** How two rows are brought together. */
  readonly join: Join | undefined
  /** What two rows that are brought together must meet besides. */
  readonly both: readonly Both[]
  /** The values of its exception. */
  readonly unless: readonly Read[]
}

interface Source {
  readonly relation: Relation
  readonly tests: readonly Test[]
}

type Test = (row: Row, traceId: string) => boolean
type Both = (first: Row, last: Row) => boolean

/** Columns of the first row and the last. Of words, either says where they are. */
export interface Join {
  readonly how: 'equal' | 'words-first' | 'words-last'
  readonly first: string
  readonly last: string
}

const plans = new WeakMap<Clause<unknown>, Plan>()

export function planOf(clause: Clause<unknown>): Plan {
  const known = plans.get(clause)
  if (known) return known
  const plan: Plan = {
    sources: clause.rows.map((named) => sourceOf(clause, named)),
    join: joinOf(clause),
    both: joinsOf(clause)
      .slice(1)
      .map((condition) => bothOf(clause, condition)),
    unless: (clause.unless?.equal ?? []).map(({ to }) => readOf(clause, to)),
  }
  plans.set(clause, plan)
  return plan
}

function sourceOf({ where }: Clause<unknown>, { name, relation }: RowName): Source {
  const own = where.filter((condition) => condition.cell.row === name && !isJoin(condition))
  return { relation, tests: own.map(testOf) }
}

export type Reads = readonly (readonly [column: string, read: Read])[]

const headReads = new WeakMap<Clause, Reads>()

/** How the row that follows from a clause is read. */
export function headReadsOf(clause: Clause): Reads {
  const known = headReads.get(clause)
  if (known) return known
  const reads = Object.entries(clause.gives).map(
    ([column, term]) => [column, readOf(clause, term)] as const,
  )
  headReads.set(clause, reads)
  return reads
}

export function readOf({ rows }: Clause<unknown>, term: Term): Read {
  if ('column' in term) {
    const { row, column } = term
    return row === rows[0]?.name
      ? (first) => first[column] ?? null
      : (_first, last) => last[column] ?? null
  }
  if ('text' in term) return () => term.text
  return (_first, _last, traceId) => traceId
}

function isJoin(condition: Condition): boolean {
  return condition.is === 'within' || (condition.is === 'equal' && 'column' in condition.to)
}

/** Conditions over two rows. The first one brings them together. */
function joinsOf({ where }: Clause<unknown>): readonly Condition[] {
  return where.filter(isJoin)
}

function bothOf(clause: Clause<unknown>, condition: Condition): Both {
  if (condition.is !== 'within') throw new RangeError('Two rows are joined by one equality.')
  const words = readOf(clause, condition.words)
  const cell = readOf(clause, condition.cell)
  return (first, last) => {
    const [said, heard] = [words(first, last, ''), cell(first, last, '')]
    return typeof said === 'string' && typeof heard === 'string' && isWithin(said, heard)
  }
}

function joinOf(clause: Clause<unknown>): Join | undefined {
  const [first, last, more] = clause.rows
  const joins = joinsOf(clause)
  if (more || (last ? joins.length === 0 : joins.length > 0)) {
    throw new RangeError('A clause is over one row, or over two that a condition joins.')
  }
  const [join] = joins
  if (join?.is === 'within') {
    return join.words.row === first?.name
      ? { how: 'words-first', first: join.words.column, last: join.cell.column }
      : { how: 'words-last', first: join.cell.column, last: join.words.column }
  }
  if (join?.is !== 'equal' || !('column' in join.to)) return undefined
  return join.cell.row === first?.name
    ? { how: 'equal', first: join.cell.column, last: join.to.column }
    : { how: 'equal', first: join.to.column, last: join.cell.column }
}

function testOf(condition: Condition): Test {
  const { column } = condition.cell
  switch (condition.is) {
    case 'equal': {
      const { to } = condition
      if ('text' in to) return (row) => row[column] === to.text
      return (row, traceId) => row[column] === traceId
    }
    case 'oneOf':
      return (row) => condition.texts.some((text) => text === row[column])
    case 'true':
      return (row) => row[column] === true
    case 'false':
      return (row) => row[column] === false
    case 'null':
      return (row) => row[column] === null
    case 'long': {
      // Characters, not halves of them.
      const pattern = new RegExp(`.{${condition.characters}}`, 'su')
      return (row) => {
        const value = row[column]
        return typeof value === 'string' && pattern.test(value)
      }
    }
    case 'within':
      return () => false
  }
}

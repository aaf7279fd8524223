import { WordSearch } from '../word-search.ts'
import type { Clause, Exception, Order, Relation } from './language.ts'
import {
  headReadsOf,
  type Join,
  type Plan,
  planOf,
  type Read,
  type Row,
  type Value,
} from './plan.ts'

/** One trace, as far as rules are concerned. */
export interface Facts {
  readonly traceId: string
  /** Rows of the relations that are given. */
  readonly rows: ReadonlyMap<Relation, readonly Row[]>
  /** Whether one of two spans runs inside the other. */
  readonly nested: (a: string, b: string) => boolean
  /** When a span ran; of one that is not there, nothing. */
  readonly ran: (span: string) => Ran | undefined
}

/** Nanoseconds since 1970. */
export interface Ran {
  readonly start: bigint
  readonly end: bigint
}

/** Told of one case in which a clause holds; of a clause over one row, that is both. */
export type Emit = (first: Row, last: Row) => void

/** Cases in which one clause may hold: of outputs that are all equal, each could be where each input came from. */
const MOST_CASES = 250_000
/** Comparisons of words with texts that one clause may take. */
const MOST_COMPARISONS = 20_000_000

/** Ends the evaluation of a clause. */
class Enough extends Error {}

/** Derives the rows of relations in memory, each relation once. */
export class Derivation {
  /** Whether some clause holds in more cases than are looked at. */
  isCut = false
  readonly #facts: Facts
  readonly #rows: Map<Relation, readonly Row[]>
  readonly #excepted = new Map<string, Excepted>()

  constructor(facts: Facts) {
    this.#facts = facts
    this.#rows = new Map(facts.rows)
  }

  rowsOf(relation: Relation): readonly Row[] {
    const known = this.#rows.get(relation)
    if (known) return known
    const rows: Row[] = []
    for (const clause of relation.clauses) {
      const reads = headReadsOf(clause)
      this.each(clause, (first, last) => {
        const row: Record<string, Value> = {}
        for (const [column, read] of reads) row[column] = read(first, last, this.#facts.traceId)
        if (!relation.order || this.#follow(row, relation.order)) rows.push(row)
      })
    }
    this.#rows.set(relation, rows)
    return rows
  }

  /** Calls `emit` with the rows of each case in which a clause holds. */
  each(clause: Clause<unknown>, emit: Emit): void {
    const plan = planOf(clause)
    const rows = this.#filtered(plan, 0)
    if (rows.length === 0) return
    const check = clause.unless ? this.#unless(clause.unless, plan.unless, emit) : emit
    const { join } = plan
    let left = MOST_CASES
    const { both } = plan
    const counted: Emit = (first, last) => {
      if (left-- <= 0) throw new Enough()
      if (both.length > 0 && !both.every((test) => test(first, last))) return
      check(first, last)
    }
    try {
      // What is in the rows themselves is as much as they are.
      if (!join) for (const row of rows) check(row, row)
      else if (join.how === 'equal') joinEqual(rows, this.#filtered(plan, 1), join, counted)
      else joinWithin(rows, this.#filtered(plan, 1), join, counted)
    } catch (error) {
      if (!(error instanceof Enough)) throw error
      this.isCut = true
    }
  }

  #filtered({ sources }: Plan, place: 0 | 1): readonly Row[] {
    const source = sources[place]
    if (!source) return []
    const rows = this.rowsOf(source.relation)
    const { tests } = source
    if (tests.length === 0) return rows
    const { traceId } = this.#facts
    return rows.filter((row) => tests.every((test) => test(row, traceId)))
  }

  #unless(exception: Exception, [first, second]: readonly Read[], emit: Emit): Emit {
    const excepted = this.#exceptedBy(exception)
    if (excepted.size === 0 || !first) return emit
    const { traceId } = this.#facts
    return (one, other) => {
      const beside = excepted.get(first(one, other, traceId))
      if (!beside) emit(one, other)
      else if (second && !isAmong(beside, second(one, other, traceId))) emit(one, other)
    }
  }

  /** The values of an exception's first column, each with those of the second one that stand beside it. */
  #exceptedBy({ relation, equal }: Exception): Excepted {
    const [first = '', second = '', ...more] = equal.map(({ column }) => column)
    if (more.length > 0) throw new RangeError('An exception is over one column, or over two.')
    const name = `${relation.name} ${first} ${second}`
    const known = this.#excepted.get(name)
    if (known) return known
    const excepted: Excepted = new Map()
    const rows = this.#rows.get(relation) ?? (relation.order ? this.rowsOf(relation) : undefined)
    for (const row of rows ?? []) except(excepted, row[first] ?? null, row[second] ?? null)
    // Most relations are asked for nothing else: their rows need not be made.
    for (const clause of rows ? [] : relation.clauses) {
      const reads = new Map(headReadsOf(clause))
      const one = reads.get(first) ?? nothing
      const other = reads.get(second) ?? nothing
      const { traceId } = this.#facts
      this.each(clause, (a, b) => except(excepted, one(a, b, traceId), other(a, b, traceId)))
    }
    this.#excepted.set(name, excepted)
    return excepted
  }

  #follow({ producer, consumer }: Row, order: Order): boolean {
    if (typeof producer !== 'string' || typeof consumer !== 'string') return false
    const { nested, ran } = this.#facts
    if (order !== 'in-turn' && (producer === consumer || nested(producer, consumer))) return false
    if (order === 'two') return true
    const [before, after] = [ran(producer), ran(consumer)]
    if (!before || !after) return true
    return before.start <= after.start && (order === 'in-turn' || before.end <= after.end)
  }
}

type Excepted = Map<Value, Values>
/** Mostly few: a set of them takes more to make than to look through. */
type Values = Value[] | Set<Value>
const FEW = 8

const nothing: Read = () => null

function except(excepted: Excepted, first: Value, second: Value): void {
  const beside = excepted.get(first)
  if (!beside) excepted.set(first, [second])
  else if (!Array.isArray(beside)) beside.add(second)
  else if (!beside.includes(second)) {
    if (beside.length < FEW) beside.push(second)
    else excepted.set(first, new Set(beside).add(second))
  }
}

function isAmong(values: Values, value: Value): boolean {
  return Array.isArray(values) ? values.includes(value) : values.has(value)
}

function joinEqual(
  rows: readonly Row[],
  others: readonly Row[],
  { first, last }: Join,
  emit: Emit,
): void {
  // Mostly there is one row of each value.
  const index = new Map<Value, Row | Row[]>()
  for (const row of others) {
    const key = row[last] ?? null
    // Nothing equals what is not there.
    if (key === null) continue
    const before = index.get(key)
    if (!before) index.set(key, row)
    else if (isList(before)) before.push(row)
    else index.set(key, [before, row])
  }
  for (const row of rows) {
    const found = index.get(row[first] ?? null)
    if (!found) continue
    if (isList(found)) for (const other of found) emit(row, other)
    else emit(row, found)
  }
}

function isList(rows: Row | Row[]): rows is Row[] {
  return Array.isArray(rows)
}

/** One pass over each text for all words, which are those of the first rows or of the last. */
function joinWithin(rows: readonly Row[], others: readonly Row[], join: Join, emit: Emit): void {
  const [speaking, hearing] = join.how === 'words-first' ? [rows, others] : [others, rows]
  const [words, text] =
    join.how === 'words-first' ? [join.first, join.last] : [join.last, join.first]
  const search = new WordSearch<Row>()
  for (const row of speaking) {
    const said = row[words]
    if (typeof said === 'string') search.add(said, row)
  }
  for (const row of hearing) {
    const heard = row[text]
    if (typeof heard !== 'string') continue
    if (search.comparisons > MOST_COMPARISONS) throw new Enough()
    for (const owner of search.in(heard)) {
      if (join.how === 'words-first') emit(owner, row)
      else emit(row, owner)
    }
  }
}

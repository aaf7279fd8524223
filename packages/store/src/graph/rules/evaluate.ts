import { WordSearch } from '../word-search.ts'
import type { Clause, Exception, Relation } from './language.ts'
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
  readonly #excepted = new Map<Exception, RowSet>()

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
        if (!relation.apart || this.#apart(row)) rows.push(row)
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
    const counted: Emit = (first, last) => {
      if (left-- <= 0) throw new Enough()
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

  #unless(exception: Exception, reads: readonly Read[], emit: Emit): Emit {
    const excepted = this.#exceptedBy(exception)
    if (excepted.size === 0) return emit
    const { traceId } = this.#facts
    return (first, last) => {
      let found: RowSet | undefined = excepted
      for (const read of reads) found = found?.get(read(first, last, traceId))
      if (!found) emit(first, last)
    }
  }

  /** The values of an exception's columns, each in a map of those that stand beside it. */
  #exceptedBy(exception: Exception): RowSet {
    const known = this.#excepted.get(exception)
    if (known) return known
    const excepted: RowSet = new Map()
    for (const row of this.rowsOf(exception.relation)) {
      let at = excepted
      for (const { column } of exception.equal) {
        const value = row[column] ?? null
        const next: RowSet = at.get(value) ?? new Map()
        at.set(value, next)
        at = next
      }
    }
    this.#excepted.set(exception, excepted)
    return excepted
  }

  #apart({ producer, consumer }: Row): boolean {
    if (typeof producer !== 'string' || typeof consumer !== 'string') return false
    return producer !== consumer && !this.#facts.nested(producer, consumer)
  }
}

interface RowSet extends Map<Value, RowSet> {}

function joinEqual(
  rows: readonly Row[],
  others: readonly Row[],
  { first, last }: Join,
  emit: Emit,
): void {
  const index = new Map<Value, Row[]>()
  for (const row of others) {
    const key = row[last] ?? null
    // Nothing equals what is not there.
    if (key === null) continue
    const list = index.get(key)
    if (list) list.push(row)
    else index.set(key, [row])
  }
  for (const row of rows) {
    for (const other of index.get(row[first] ?? null) ?? []) emit(row, other)
  }
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

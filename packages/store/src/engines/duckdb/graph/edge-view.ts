import { edgeKinds } from '@trace2/core'
import { nodeIds } from '../../../graph/node-id.ts'
import { asked, continued, done, edgeRules, spoken, told } from '../../../graph/rules/edges.ts'
import type {
  Cell,
  Clause,
  Condition,
  NodeTerm,
  Order,
  Relation,
  Term,
} from '../../../graph/rules/language.ts'
import { sql } from '../sql.ts'

/**
 * The query of `v_edge`: the graph's edges of all traces, written from the rules by which those of one trace are derived
 * in memory. `sql/<relation>.sql` has the rows of each relation that is given.
 */
export function edgeView(): string {
  const relations = new Map<string, string>()
  for (const { rows, unless } of edgeRules) {
    for (const { relation } of rows) define(relation, relations)
    if (unless) define(unless.relation, relations)
  }
  const edges = edgeRules.map(({ gives, ...clause }) => {
    const { from, to, role, pointer, how } = gives
    const trace = traceOf(clause)
    return select(clause, [
      `${trace} AS trace_id`,
      `${node(from, trace)} AS from_id`,
      `${node(to, trace)} AS to_id`,
      `${value(role, trace)} AS role`,
      `${value(pointer, trace)} AS pointer`,
      `${kind(how, trace)} AS how`,
    ])
  })
  const written = Array.from(relations, ([name, query]) => `${name} AS (\n${query}\n)`)
  return `WITH RECURSIVE ${written.join(',\n')}\n${edges.join('\nUNION\n')}`
}

type Body = Omit<Clause<unknown>, 'gives'>

/** Writes a relation after those that it rests on. */
function define(relation: Relation, into: Map<string, string>): void {
  const { columns, clauses, order } = relation
  if (into.has(relation.name)) return
  if (clauses.length === 0) {
    // The queries of these rest on that of another.
    if (relation === spoken || relation === asked || relation === done) define(told, into)
    if (relation === continued) define(asked, into)
    into.set(relation.name, sql(relation.name))
    return
  }
  for (const { rows, unless } of clauses) {
    for (const row of rows) define(row.relation, into)
    if (unless) define(unless.relation, into)
  }
  const query = clauses
    .map(({ gives, ...clause }) => {
      const trace = traceOf(clause)
      const terms = columns.map((column) => `${value(gives[column], trace)} AS ${name(column)}`)
      return select(clause, [`${trace} AS trace_id`, ...terms])
    })
    .join('\nUNION\n')
  if (!order) {
    into.set(relation.name, query)
    return
  }
  const candidate = `${relation.name}_candidate`
  const around = `${relation.name}_above`
  into.set(candidate, query)
  if (order !== 'in-turn') into.set(around, above(candidate, around))
  into.set(relation.name, inOrder(order, candidate, around))
}

/** Spans around the ends of candidates. Only those are followed: a walk up from each span would cost much more. */
function above(candidate: string, around: string): string {
  return `SELECT op.trace_id, op.span, op.parent AS ancestor
FROM op
SEMI JOIN (
  SELECT trace_id, producer AS span FROM ${candidate} UNION SELECT trace_id, consumer FROM ${candidate}
) ends ON ends.trace_id = op.trace_id AND ends.span = op.span
WHERE op.parent IS NOT NULL
UNION
SELECT found.trace_id, found.span, op.parent
FROM ${around} found
JOIN op ON op.trace_id = found.trace_id AND op.span = found.ancestor
WHERE op.parent IS NOT NULL`
}

function inOrder(order: Order, candidate: string, around: string): string {
  const ended = order === 'apart' ? ' AND before.ended <= after.ended' : ''
  // In another trace, or beyond what is stored, nobody knows the time.
  const any = `SELECT c.* FROM ${candidate} c`
  const inTurn = `${any}
LEFT JOIN op before ON before.trace_id = c.trace_id AND before.span = c.producer
LEFT JOIN op after ON after.trace_id = c.trace_id AND after.span = c.consumer
WHERE coalesce(before.began <= after.began${ended}, true)`
  if (order === 'in-turn') return inTurn
  const inside = (inner: string, outer: string) =>
    `EXISTS (SELECT 1 FROM ${around} a WHERE a.trace_id = c.trace_id AND a.span = c.${inner} AND a.ancestor = c.${outer})`
  return `${order === 'two' ? `${any} WHERE true` : inTurn}
  AND c.producer <> c.consumer
  AND NOT ${inside('consumer', 'producer')}
  AND NOT ${inside('producer', 'consumer')}`
}

function select(clause: Body, columns: readonly string[]): string {
  const trace = traceOf(clause)
  const [first, ...others] = clause.rows
  if (!first) throw new RangeError('A clause has at least one row.')
  const from = [
    `${first.relation.name} ${name(first.name)}`,
    ...others.map(
      ({ name: row, relation }) =>
        `JOIN ${relation.name} ${name(row)} ON ${name(row)}.trace_id = ${trace}`,
    ),
  ]
  const where = clause.where.map((condition) => conditionOf(condition, trace))
  if (clause.unless) {
    const { relation, equal } = clause.unless
    const same = equal.map(({ column, to }) => `known.${name(column)} = ${cell(to)}`)
    const matches = [`known.trace_id = ${trace}`, ...same].join(' AND ')
    where.push(`NOT EXISTS (SELECT 1 FROM ${relation.name} known WHERE ${matches})`)
  }
  const filter = where.length === 0 ? '' : `\nWHERE ${where.join('\n  AND ')}`
  return `SELECT ${columns.join(', ')}\nFROM ${from.join('\n')}${filter}`
}

function conditionOf(condition: Condition, trace: string): string {
  const of = cell(condition.cell)
  switch (condition.is) {
    case 'equal':
      return `${of} = ${value(condition.to, trace)}`
    case 'oneOf':
      return `${of} IN (${condition.texts.map(quoted).join(', ')})`
    case 'true':
      return of
    case 'false':
      return `NOT ${of}`
    case 'null':
      return `${of} IS NULL`
    case 'long':
      return `length(${of}) >= ${condition.characters}`
    case 'within':
      return within(cell(condition.words), of)
  }
}

/** Characters of a word, and how long words are that are found wherever they stand: those of `word-search.ts`. */
const LETTER = '\\p{Lu}\\p{Ll}\\p{N}_-'
const SHORT = 64

function within(words: string, text: string): string {
  const edge = (at: string, between: string) =>
    `CASE WHEN regexp_matches(${words}, '${at}') THEN '${between}' ELSE '' END`
  const before = edge(`^[${LETTER}]`, `(^|[^${LETTER}])`)
  const after = edge(`[${LETTER}]$`, `([^${LETTER}]|$)`)
  return `CASE WHEN NOT coalesce(contains(${text}, ${words}), false) THEN false
    WHEN length(${words}) > ${SHORT} THEN true
    ELSE regexp_matches(${text}, ${before} || regexp_escape(${words}) || ${after}) END`
}

function traceOf({ rows }: Body): string {
  return `${name(rows[0]?.name ?? '')}.trace_id`
}

function node({ sort, a, b }: NodeTerm, trace: string): string {
  const { prefix, between } = nodeIds[sort]
  const parts = [quoted(prefix), value(a, trace)]
  if (between !== undefined && b) parts.push(quoted(between), value(b, trace))
  return parts.join(' || ')
}

function value(term: Term | undefined, trace: string): string {
  if (term === undefined) return 'NULL'
  if ('column' in term) return cell(term)
  return 'text' in term ? quoted(term.text) : trace
}

function cell({ row, column }: Cell): string {
  return `${name(row)}.${name(column)}`
}

/** Some of the rules' words have a meaning in SQL. */
function name(word: string): string {
  return `"${word}"`
}

/** What a store of another version says in other words is a link. */
function kind(term: Term, trace: string): string {
  const how = value(term, trace)
  if (!('column' in term)) return how
  return `CASE WHEN ${how} IN (${edgeKinds.map(quoted).join(', ')}) THEN ${how} ELSE 'link' END`
}

/** The texts are words of the rules, never a stranger's. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

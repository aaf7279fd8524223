import { type DuckDBConnection, LIST, listValue, VARCHAR } from '@duckdb/node-api'
import { type FeedbackDeclaration, type FeedbackScale, readFeedbackDeclaration } from '@trace2/core'
import { raise } from '../../../errors.ts'
import type { DeclaredIn, FeedbackName } from '../../../feedback-name.ts'
import type { FeedbackDeclarations } from '../../../store.ts'
import type { Database, Row } from '../database.ts'
import { number, numberOrNull, text } from '../row.ts'
import { type DeclaredFeedback, feedbackDeclarationTable, insertRows } from '../tables/index.ts'
import { nowNs } from '../time.ts'

type Declared = Omit<DeclaredFeedback, 'origin'>

/** What the later of two declarations leaves out, the earlier says; a file says all there is to say. */
const MERGE = `ON CONFLICT DO UPDATE SET
  scale = ${merged('scale')}, direction = ${merged('direction')}, weight = ${merged('weight')},
  declared_ns = greatest(excluded.declared_ns, feedback_declaration.declared_ns)`

function merged(column: string): string {
  return `CASE
    WHEN excluded.origin = 'file' THEN excluded.${column}
    WHEN excluded.declared_ns >= feedback_declaration.declared_ns THEN coalesce(excluded.${column}, feedback_declaration.${column})
    ELSE coalesce(feedback_declaration.${column}, excluded.${column})
  END`
}

/** Adds declarations to what is known: of each member the latest counts. */
export async function upsertDeclarations(
  connection: DuckDBConnection,
  origin: DeclaredIn,
  declared: readonly Declared[],
): Promise<void> {
  const latest = new Map<string, Declared>()
  for (const one of declared) {
    const known = latest.get(one.name) ?? one
    const [earlier, later] = one.declaredNs < known.declaredNs ? [one, known] : [known, one]
    latest.set(one.name, {
      ...later,
      declaration: { ...earlier.declaration, ...later.declaration },
    })
  }
  const rows = Array.from(latest.values(), (row) => ({ ...row, origin }))
  await insertRows(connection, feedbackDeclarationTable, rows, '', MERGE)
}

/** Declares for a file: all of it, or nothing where any of it is unsound. */
export async function declareFeedback(
  database: Database,
  declarations: FeedbackDeclarations,
): Promise<FeedbackName[]> {
  if (typeof declarations !== 'object' || declarations === null || Array.isArray(declarations)) {
    throw raise(
      'T2_FEEDBACK_DECLARATION',
      'Declarations are an object by the name of the feedback.',
    )
  }
  const declaredNs = nowNs()
  const declared: Declared[] = []
  const taken: string[] = []
  for (const [name, given] of Object.entries<unknown>(declarations)) {
    if (given === null) taken.push(name)
    else declared.push({ name, declaration: checked(name, given), declaredNs })
  }
  await database.write(async (connection) => {
    await connection.run(
      "DELETE FROM feedback_declaration WHERE origin = 'file' AND name IN (SELECT unnest($1::VARCHAR[]))",
      [listValue(taken)],
      [LIST(VARCHAR)],
    )
    await upsertDeclarations(connection, 'file', declared)
  })
  return readFeedbackNames(database)
}

const members: ReadonlySet<string> = new Set(['scale', 'direction', 'weight'])

function checked(name: string, given: unknown): FeedbackDeclaration {
  const fail = (fault: string) =>
    raise(
      'T2_FEEDBACK_DECLARATION',
      `The feedback ${JSON.stringify(name)} is not declared: ${fault}.`,
    )
  if (name.trim() === '') throw fail('its name is blank')
  if (typeof given !== 'object' || Array.isArray(given)) throw fail('it is no object')
  const unknown = Object.keys(Object(given)).find((member) => !members.has(member))
  if (unknown !== undefined) throw fail(`there is no member ${JSON.stringify(unknown)}`)
  const { declaration, faults } = readFeedbackDeclaration(Object(given))
  if (faults.length > 0) throw fail(faults.join('; '))
  return declaration
}

export async function readFeedbackNames(database: Database): Promise<FeedbackName[]> {
  const rows = await database.rows(
    `SELECT *, to_json(categories)::VARCHAR AS category_json FROM feedback_name
     ORDER BY rank NULLS LAST, pieces DESC, name`,
  )
  return rows.map(nameOf)
}

function nameOf(row: Row): FeedbackName {
  const least = numberOrNull(row, 'least')
  const most = numberOrNull(row, 'most')
  return {
    name: text(row, 'name'),
    pieces: number(row, 'pieces'),
    scores: number(row, 'scores'),
    labels: number(row, 'labels'),
    seen: least === null || most === null ? null : [least, most],
    scale: scaleOf(row),
    unclear: row.unclear === true,
    direction: row.direction === 'lower' ? 'lower' : 'higher',
    weight: number(row, 'weight'),
    scaleFrom: declaredIn(row.scale_from) ?? 'learned',
    directionFrom:
      declaredIn(row.direction_from) ?? (row.direction_from === 'name' ? 'name' : 'usual'),
    weightFrom: declaredIn(row.weight_from) ?? 'usual',
    rank: numberOrNull(row, 'rank'),
  }
}

function scaleOf(row: Row): FeedbackScale | null {
  const low = numberOrNull(row, 'low')
  const high = numberOrNull(row, 'high')
  if (low !== null && high !== null) return [low, high]
  if (row.category_json === null) return null
  return (
    readFeedbackDeclaration({ scale: JSON.parse(text(row, 'category_json')) }).declaration.scale ??
    null
  )
}

function declaredIn(value: unknown): DeclaredIn | undefined {
  return value === 'file' || value === 'program' ? value : undefined
}

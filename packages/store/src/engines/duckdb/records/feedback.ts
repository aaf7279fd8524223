import { randomUUID } from 'node:crypto'
import { type DuckDBConnection, listValue } from '@duckdb/node-api'
import { readFeedbackDeclaration, sha256 } from '@trace2/core'
import { raise } from '../../../errors.ts'
import type { FeedbackRow } from '../../../reading/index.ts'
import type { Feedback, FeedbackSource, NewFeedback } from '../../../store.ts'
import type { Database, Row } from '../database.ts'
import { feedbackTable, insertRows, reading } from '../tables/index.ts'
import { isoNanoseconds, nowNs } from '../time.ts'
import { upsertDeclarations } from './feedback-names.ts'

type StoredRow = FeedbackRow & { readonly createdNs: bigint }

/** Inserts feedback; a later result with the same target, name and identifier replaces what was there. */
export async function upsertFeedback(
  connection: DuckDBConnection,
  rows: readonly StoredRow[],
): Promise<void> {
  if (rows.length === 0) return
  const byId = new Map(rows.map((row) => [idOf(row), row]))
  const stored = Array.from(byId, ([id, row]) => ({ ...row, id }))
  await insertRows(connection, feedbackTable, stored, 'OR REPLACE')
  await upsertDeclarations(
    connection,
    'program',
    rows.flatMap(({ name, declaration, createdNs }) =>
      declaration ? [{ name: name.toWellFormed(), declaration, declaredNs: createdNs }] : [],
    ),
  )
}

/** The same target, name and identifier always have the same id, so that a replacement keeps it. */
function idOf(row: FeedbackRow): string {
  const key = JSON.stringify([row.traceId, row.spanId, row.name, row.identifier])
  return `f-${sha256(key).slice(0, 12)}`
}

/** Adds feedback one by one; what comes while a transaction is under way shares the next one. */
export class FeedbackWriter {
  readonly #database: Database
  #waiting: StoredRow[] = []
  #written: Promise<void> | undefined

  constructor(database: Database) {
    this.#database = database
  }

  async add(added: NewFeedback): Promise<Feedback> {
    const row = checked(added)
    this.#waiting.push(row)
    this.#written ??= this.#writeSoon()
    await this.#written
    const { createdNs, declaration, ...given } = row
    return { ...given, id: idOf(row), createdAt: isoNanoseconds(createdNs) }
  }

  #writeSoon(): Promise<void> {
    const write = async () =>
      this.#database.write((connection) => upsertFeedback(connection, this.#take()))
    const written = write()
    // Where no transaction could begin, what waits for it fails with it.
    written.catch(() => {
      if (this.#written === written) this.#take()
    })
    return written
  }

  #take(): StoredRow[] {
    const rows = this.#waiting
    this.#waiting = []
    this.#written = undefined
    return rows
  }
}

function checked(added: NewFeedback): StoredRow {
  const { traceId, spanId, name } = added
  const score = added.score ?? null
  const label = wordsOrNull(added.label)
  const comment = wordsOrNull(added.comment)
  if (!/^[0-9a-f]{32}$/.test(traceId) || (spanId !== null && !/^[0-9a-f]{16}$/.test(spanId))) {
    throw raise('T2_FEEDBACK_INVALID', 'Feedback needs a trace id and, for a node, a span id.')
  }
  // What comes over the network is of any type.
  if (typeof name !== 'string' || name.trim() === '') {
    throw raise('T2_FEEDBACK_INVALID', 'Feedback needs a name.')
  }
  if (score === null && label === null && comment === null) {
    throw raise('T2_FEEDBACK_INVALID', `Feedback ${name} has no score, label or comment.`)
  }
  if (score !== null && !Number.isFinite(score)) {
    throw raise('T2_FEEDBACK_INVALID', `The score of feedback ${name} is not a finite number.`)
  }
  const { declaration, faults } = readFeedbackDeclaration(added)
  const [fault] = faults
  if (fault !== undefined) throw raise('T2_FEEDBACK_INVALID', `Of the feedback ${name}, ${fault}.`)
  const source = added.source ?? 'human'
  const identifier = added.identifier ?? randomUUID()
  const given = { traceId, spanId, name, score, label, comment, source, identifier }
  const declares = Object.keys(declaration).length > 0
  return { ...given, createdNs: nowNs(), ...(declares ? { declaration } : {}) }
}

/** Blank words say nothing. */
function wordsOrNull(words: string | null | undefined): string | null {
  return typeof words === 'string' && words.trim() !== '' ? words : null
}

const readRow = reading(feedbackTable)

/** Feedback on any node of the given runs, or all of it, oldest first. */
export async function readFeedback(
  database: Database,
  runs: readonly string[] | undefined,
  spansOf: (run: string) => Promise<ReadonlySet<string> | undefined>,
): Promise<Feedback[]> {
  const order = 'ORDER BY created_ns, id'
  if (runs === undefined) {
    return (await database.rows(`SELECT ${readRow.select} FROM feedback ${order}`)).map(feedbackOf)
  }
  const byTrace = new Map<string, string[]>()
  for (const run of runs) {
    const traceId = traceOf(run)
    byTrace.set(traceId, [...(byTrace.get(traceId) ?? []), run])
  }
  const rows = await database.rows(
    `SELECT ${readRow.select} FROM feedback
     WHERE trace_id IN (SELECT unnest($1::VARCHAR[])) ${order}`,
    [listValue([...byTrace.keys()])],
  )
  // Only of a run that is part of a trace are the spans asked for, and only where there is feedback on the trace.
  const insides = new Map<string, readonly (ReadonlySet<string> | undefined)[]>()
  const found: Feedback[] = []
  for (const feedback of rows.map(feedbackOf)) {
    const { traceId, spanId } = feedback
    const known = insides.get(traceId)
    const inside = known ?? (await Promise.all((byTrace.get(traceId) ?? []).map(spansOf)))
    insides.set(traceId, inside)
    const isInside = (spans: ReadonlySet<string> | undefined) =>
      spans === undefined || (spanId !== null && spans.has(spanId))
    if (inside.some(isInside)) found.push(feedback)
  }
  return found
}

function traceOf(run: string): string {
  return run.split(':', 1)[0] ?? ''
}

function feedbackOf(answer: Row): Feedback {
  const row = readRow.read(answer)
  return {
    id: row.id,
    traceId: row.trace_id,
    spanId: row.span_id === '' ? null : row.span_id,
    name: row.name,
    score: row.score,
    label: row.label,
    comment: row.comment,
    source: sourceOf(row.source),
    identifier: row.identifier,
    createdAt: isoNanoseconds(row.created_ns),
  }
}

function sourceOf(source: string): FeedbackSource {
  return source === 'human' || source === 'model' ? source : 'code'
}

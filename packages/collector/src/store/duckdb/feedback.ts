import { randomUUID } from 'node:crypto'
import type { DuckDBConnection } from '@duckdb/node-api'
import { sha256 } from '@trace2/instrumentation/semconv'
import type { FeedbackRow } from '../../canonical/rows.ts'
import { raise } from '../../errors.ts'
import type { Feedback, FeedbackSource, NewFeedback } from '../store.ts'
import type { Database, Row } from './database.ts'
import { numberOrNull, text, textOrNull } from './row.ts'
import { isoNanoseconds, nowNs } from './time.ts'

type StoredRow = FeedbackRow & { readonly createdNs: bigint }

/** Inserts feedback; a later result with the same target, name and identifier replaces what was there. */
export async function upsertFeedback(
  connection: DuckDBConnection,
  rows: readonly StoredRow[],
): Promise<void> {
  for (const row of rows) {
    await connection.run(
      `INSERT OR REPLACE INTO feedback
       (id, trace_id, span_id, name, score, label, comment, source, identifier, created_ns)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::UBIGINT)`,
      [
        idOf(row),
        row.traceId,
        row.spanId ?? '',
        row.name.toWellFormed(),
        row.score,
        row.label?.toWellFormed() ?? null,
        row.comment?.toWellFormed() ?? null,
        row.source,
        row.identifier.toWellFormed(),
        String(row.createdNs),
      ],
    )
  }
}

/** The same target, name and identifier always have the same id, so that a replacement keeps it. */
function idOf(row: FeedbackRow): string {
  const key = JSON.stringify([row.traceId, row.spanId, row.name, row.identifier])
  return `f-${sha256(key).slice(0, 12)}`
}

export async function addFeedback(database: Database, added: NewFeedback): Promise<Feedback> {
  const row = checked(added)
  await database.write((connection) => upsertFeedback(connection, [row]))
  const { createdNs, ...given } = row
  return { ...given, id: idOf(row), createdAt: isoNanoseconds(createdNs) }
}

function checked(added: NewFeedback): StoredRow {
  const { traceId, spanId, name } = added
  const score = added.score ?? null
  const label = added.label ?? null
  const comment = added.comment ?? null
  if (!/^[0-9a-f]{32}$/.test(traceId) || (spanId !== null && !/^[0-9a-f]{16}$/.test(spanId))) {
    throw raise('T2_FEEDBACK_INVALID', 'Feedback needs a trace id and, for a node, a span id.')
  }
  if (name === '') throw raise('T2_FEEDBACK_INVALID', 'Feedback needs a name.')
  if (score === null && label === null && comment === null) {
    throw raise('T2_FEEDBACK_INVALID', `Feedback ${name} has no score, label or comment.`)
  }
  if (score !== null && !Number.isFinite(score)) {
    throw raise('T2_FEEDBACK_INVALID', `The score of feedback ${name} is not a finite number.`)
  }
  const source = added.source ?? 'human'
  const identifier = added.identifier ?? randomUUID()
  return { traceId, spanId, name, score, label, comment, source, identifier, createdNs: nowNs() }
}

/** Feedback on any node of the given runs, or all of it, oldest first. */
export async function readFeedback(
  database: Database,
  runs: readonly string[] | undefined,
  spansOf: (run: string) => Promise<ReadonlySet<string> | undefined>,
): Promise<Feedback[]> {
  const order = 'ORDER BY created_ns, id'
  if (runs === undefined) {
    return (await database.rows(`SELECT * FROM feedback ${order}`)).map(feedbackOf)
  }
  const found = new Map<string, Feedback>()
  for (const run of runs) {
    const [traceId = ''] = run.split(':')
    const rows = await database.rows(`SELECT * FROM feedback WHERE trace_id = $1 ${order}`, [
      traceId,
    ])
    if (rows.length === 0) continue
    const inside = await spansOf(run)
    for (const feedback of rows.map(feedbackOf)) {
      const { spanId } = feedback
      if (inside === undefined || (spanId !== null && inside.has(spanId))) {
        found.set(feedback.id, feedback)
      }
    }
  }
  return [...found.values()].sort(
    (a, b) => compare(a.createdAt, b.createdAt) || compare(a.id, b.id),
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function feedbackOf(row: Row): Feedback {
  const spanId = text(row, 'span_id')
  return {
    id: text(row, 'id'),
    traceId: text(row, 'trace_id'),
    spanId: spanId === '' ? null : spanId,
    name: text(row, 'name'),
    score: numberOrNull(row, 'score'),
    label: textOrNull(row, 'label'),
    comment: textOrNull(row, 'comment'),
    source: sourceOf(text(row, 'source')),
    identifier: text(row, 'identifier'),
    createdAt: isoNanoseconds(BigInt(text(row, 'created_ns'))),
  }
}

function sourceOf(source: string): FeedbackSource {
  return source === 'human' || source === 'model' ? source : 'code'
}

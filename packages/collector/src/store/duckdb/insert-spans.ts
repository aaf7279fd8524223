import { setImmediate } from 'node:timers/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { FeedbackRow, ParameterRow, SpanRows } from '../../canonical/rows.ts'
import type { SpanRecord } from '../../otlp/model.ts'
import { appendRows, RowAppender } from './append.ts'
import type { ContentCollector } from './content.ts'
import { upsertFeedback } from './feedback.ts'
import { insertParameterVersions } from './parameters.ts'
import { writeSpan } from './span-rows.ts'
import { TraceTimes } from './trace-times.ts'

/** A span with what is read from it alone. */
export interface PreparedSpan {
  readonly record: SpanRecord
  readonly rows: SpanRows
  readonly receivedNs: bigint
}

/** What a writer knows to be stored: it need not be written again. */
export interface Remembered {
  readonly content: ContentCollector
  /** `name@version` of parameters. */
  readonly versions: Set<string>
}

/** After so many spans whatever else the thread has to do gets a turn. */
const SPANS_IN_A_TURN = 512

/**
 * Inserts spans into table `span`, or another with its columns, and all that is derived from them. They are read one
 * by one, and nothing keeps them: objects that live as long as their batch would be copied by the garbage collector
 * again and again, which took a fifth of the time.
 */
export async function insertSpans(
  connection: DuckDBConnection,
  table: 'span' | 'rewritten',
  spans: Iterable<PreparedSpan>,
  { content, versions }: Remembered,
): Promise<void> {
  const times = new TraceTimes()
  const parameters: (ParameterRow & { firstSeenNs: bigint })[] = []
  const feedback: (FeedbackRow & { createdNs: bigint })[] = []
  const span = await RowAppender.open(connection, table)
  const use = await RowAppender.open(connection, 'parameter_use')
  try {
    let turn = 0
    for (const { record, rows, receivedNs } of spans) {
      const { startNs } = record
      writeSpan(span, record, rows, content, receivedNs)
      span.end()
      for (const { name, version, propensity } of rows.uses) {
        use.text(record.traceId).text(record.spanId).unsigned(startNs)
        use.text(name).text(version).double(propensity).end()
      }
      for (const row of rows.parameters) {
        const key = `${row.name}@${row.version}`
        if (!versions.has(key)) parameters.push({ ...row, firstSeenNs: startNs })
        versions.add(key)
      }
      for (const row of rows.feedback) feedback.push({ ...row, createdNs: startNs })
      times.add(record)
      if (++turn % SPANS_IN_A_TURN === 0) await setImmediate()
    }
  } finally {
    span.close()
    use.close()
  }
  if (table === 'span') await times.insert(connection)
  await insertContent(connection, content.fresh)
  await insertParameterVersions(connection, parameters)
  await upsertFeedback(connection, feedback)
}

async function insertContent(
  connection: DuckDBConnection,
  fresh: ReadonlyMap<string, string>,
): Promise<void> {
  if (fresh.size === 0) return
  await connection.run('CREATE TEMP TABLE IF NOT EXISTS new_content (hash VARCHAR, text VARCHAR)')
  await appendRows(connection, 'new_content', fresh, (row, [hash, text]) =>
    row.text(hash).text(text).end(),
  )
  await connection.run('INSERT OR IGNORE INTO content SELECT hash, text FROM new_content')
  await connection.run('DELETE FROM new_content')
}

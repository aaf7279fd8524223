import type { DuckDBConnection } from '@duckdb/node-api'
import type { FeedbackRow, ParameterRow, SpanRows } from '../../canonical/rows.ts'
import type { SpanRecord } from '../../otlp/model.ts'
import { appendRows, RowAppender } from './append.ts'
import { ContentCollector } from './content.ts'
import { upsertFeedback } from './feedback.ts'
import { insertParameterVersions } from './parameters.ts'
import { writeSpan } from './span-rows.ts'
import { TraceTimes } from './trace-times.ts'

/** Keys of what is stored for certain and need not be written again: hashes of texts, `name@version` of parameters. */
export type Stored = Set<string>

/** A span with what is read from it alone. */
export interface PreparedSpan {
  readonly record: SpanRecord
  readonly rows: SpanRows
  readonly receivedNs: bigint
}

const REMEMBERED = 50_000

/**
 * Spans on their way into table `span`, or another with its columns, with all that is derived from them. Their rows
 * go to DuckDB's appenders as they are added, and wait there outside of any transaction; nothing here keeps the spans.
 */
export class SpanInsert {
  readonly #connection: DuckDBConnection
  readonly #table: 'span' | 'rewritten'
  readonly #content = new ContentCollector()
  readonly #span: RowAppender
  readonly #use: RowAppender
  readonly #times = new TraceTimes()
  readonly #parameters = new Map<string, ParameterRow & { firstSeenNs: bigint }>()
  readonly #feedback: (FeedbackRow & { createdNs: bigint })[] = []

  private constructor(
    connection: DuckDBConnection,
    table: 'span' | 'rewritten',
    appenders: { span: RowAppender; use: RowAppender },
  ) {
    this.#connection = connection
    this.#table = table
    this.#span = appenders.span
    this.#use = appenders.use
  }

  static async open(
    connection: DuckDBConnection,
    table: 'span' | 'rewritten',
  ): Promise<SpanInsert> {
    const span = await RowAppender.open(connection, table)
    const use = await RowAppender.open(connection, 'parameter_use')
    return new SpanInsert(connection, table, { span, use })
  }

  add({ record, rows, receivedNs }: PreparedSpan): void {
    const { startNs } = record
    writeSpan(this.#span, record, rows, this.#content, receivedNs)
    this.#span.end()
    for (const { name, version, propensity } of rows.uses) {
      this.#use.text(record.traceId).text(record.spanId).unsigned(startNs)
      this.#use.text(name).text(version).double(propensity).end()
    }
    for (const row of rows.parameters) {
      const key = `${row.name}@${row.version}`
      if (!this.#parameters.has(key)) this.#parameters.set(key, { ...row, firstSeenNs: startNs })
    }
    for (const row of rows.feedback) this.#feedback.push({ ...row, createdNs: startNs })
    this.#times.add(record)
  }

  /** Puts everything into the tables, in the transaction that the connection is in, but for what is stored already. */
  async finish(stored: Stored): Promise<void> {
    this.#span.close()
    this.#use.close()
    if (this.#table === 'span') await this.#times.insert(this.#connection)
    await insertContent(this.#connection, missing(this.#content.texts, stored))
    const versions = missing(this.#parameters, stored).map(([, row]) => row)
    await insertParameterVersions(this.#connection, versions)
    await upsertFeedback(this.#connection, this.#feedback)
  }

  /** To be called when the transaction is committed. */
  remember(stored: Stored): void {
    if (stored.size > REMEMBERED) stored.clear()
    for (const hash of this.#content.texts.keys()) stored.add(hash)
    for (const version of this.#parameters.keys()) stored.add(version)
  }

  /** Forgets the rows that were added since it was opened. */
  discard(): void {
    this.#span.discard()
    this.#use.discard()
  }
}

function missing<T>(wanted: ReadonlyMap<string, T>, stored: Stored): [string, T][] {
  return [...wanted].filter(([key]) => !stored.has(key))
}

async function insertContent(
  connection: DuckDBConnection,
  texts: readonly (readonly [string, string])[],
): Promise<void> {
  if (texts.length === 0) return
  await connection.run('CREATE TEMP TABLE IF NOT EXISTS new_content (hash VARCHAR, text VARCHAR)')
  await appendRows(connection, 'new_content', texts, (row, [hash, text]) =>
    row.text(hash).text(text).end(),
  )
  await connection.run('INSERT OR IGNORE INTO content SELECT hash, text FROM new_content')
  await connection.run('DELETE FROM new_content')
}

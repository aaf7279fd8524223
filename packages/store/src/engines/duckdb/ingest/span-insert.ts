import type { DuckDBConnection } from '@duckdb/node-api'
import { appendBlocks, appendRows } from '../bulk/index.ts'
import { upsertFeedback } from '../records/feedback.ts'
import { insertParameterVersions } from '../records/parameters.ts'
import { createTable, newContentTable, rowWriter } from '../tables/index.ts'
import type { Collected } from './collected-spans.ts'
import { insertTimes } from './trace-times.ts'
import { markTrialTraces } from './trial-traces.ts'

/** Keys of what is stored for certain and need not be written again: hashes of texts, `name@version` of parameters. */
export type Stored = Set<string>

const REMEMBERED = 50_000

/**
 * Puts spans into table `span`, or another with its columns, in the transaction that the connection is in, and what is
 * derived from them into the others, but for what is stored already.
 */
export async function insertCollected(
  connection: DuckDBConnection,
  table: 'span' | 'rewritten',
  collected: Collected,
  stored: Stored,
): Promise<void> {
  if (collected.count === 0) return
  await appendBlocks(connection, table, collected.spans)
  await appendBlocks(connection, 'parameter_use', collected.uses)
  if (table === 'span') await insertTimes(connection, collected.times)
  await markTrialTraces(connection, collected.trials)
  await insertContent(connection, missing(collected.texts, stored))
  const versions = missing(collected.parameters, stored).map(([, row]) => row)
  await insertParameterVersions(connection, versions)
  await upsertFeedback(connection, collected.feedback)
}

/** To be called when the transaction is committed. */
export function remember({ texts, parameters }: Collected, stored: Stored): void {
  if (stored.size > REMEMBERED) stored.clear()
  for (const hash of texts.keys()) stored.add(hash)
  for (const version of parameters.keys()) stored.add(version)
}

function missing<T>(wanted: ReadonlyMap<string, T>, stored: Stored): [string, T][] {
  return [...wanted].filter(([key]) => !stored.has(key))
}

const writeContent = rowWriter(newContentTable)

async function insertContent(
  connection: DuckDBConnection,
  texts: readonly (readonly [string, string])[],
): Promise<void> {
  if (texts.length === 0) return
  await connection.run(createTable(newContentTable, { temporary: true }))
  await appendRows(connection, newContentTable.name, texts, writeContent)
  await connection.run('INSERT OR IGNORE INTO content SELECT hash, text FROM new_content')
  await connection.run('DELETE FROM new_content')
}

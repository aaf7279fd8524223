import { VARCHAR } from '@duckdb/node-api'
import type { StoredVerdict } from '../../../evaluation.ts'
import type { VerdictFilter } from '../../../evaluation-store.ts'
import type { Database } from '../database.ts'
import { insertRows, verdictTable } from '../tables/index.ts'
import { documents } from './document-rows.ts'

export async function addVerdict(database: Database, verdict: StoredVerdict): Promise<void> {
  await database.write((connection) => insertRows(connection, verdictTable, [verdict], 'OR IGNORE'))
}

export function readVerdicts(
  database: Database,
  { proposal, experiment }: VerdictFilter = {},
): Promise<StoredVerdict[]> {
  return documents(
    database,
    `SELECT document FROM verdict
     WHERE coalesce(list_contains(proposals, $1), true) AND coalesce(experiment = $2, true)
     ORDER BY created_at DESC, id`,
    [proposal ?? null, experiment ?? null],
    [VARCHAR, VARCHAR],
  )
}

import { LIST, listValue, VARCHAR } from '@duckdb/node-api'
import type { StoredVerdict } from '../../evaluation.ts'
import type { VerdictFilter } from '../../evaluation-store.ts'
import type { Database } from './database.ts'
import { documents, documentText } from './document-rows.ts'

export async function addVerdict(database: Database, verdict: StoredVerdict): Promise<void> {
  const { id, createdAt, experiment, proposals } = verdict
  await database.write((connection) =>
    connection.run(
      `INSERT OR IGNORE INTO verdict (id, created_at, experiment, proposals, document)
       VALUES ($1, $2, $3, $4, $5)`,
      [id, createdAt, experiment, listValue([...proposals]), documentText(verdict)],
      [VARCHAR, VARCHAR, VARCHAR, LIST(VARCHAR), VARCHAR],
    ),
  )
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

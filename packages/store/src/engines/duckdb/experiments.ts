import { LIST, listValue, VARCHAR } from '@duckdb/node-api'
import { raise } from '../../errors.ts'
import type { Experiment } from '../../evaluation.ts'
import type { ExperimentFilter } from '../../evaluation-store.ts'
import type { Database } from './database.ts'
import { documentById, documents, documentText } from './document-rows.ts'

export async function putExperiment(database: Database, experiment: Experiment): Promise<void> {
  const { id, createdAt, status, dataset, candidates } = experiment
  const proposals = [...new Set(candidates.flatMap((candidate) => candidate.proposals))]
  await database.write((connection) =>
    connection.run(
      `INSERT OR REPLACE INTO experiment (id, created_at, status, dataset, proposals, document)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [id, createdAt, status, dataset, listValue(proposals), documentText(experiment)],
      [VARCHAR, VARCHAR, VARCHAR, VARCHAR, LIST(VARCHAR), VARCHAR],
    ),
  )
}

export function readExperiments(
  database: Database,
  { dataset, proposal, status }: ExperimentFilter = {},
): Promise<Experiment[]> {
  return documents(
    database,
    `SELECT document FROM experiment
     WHERE coalesce(dataset = $1, true) AND coalesce(list_contains(proposals, $2), true)
       AND coalesce(status = $3, true)
     ORDER BY created_at DESC, id`,
    [dataset ?? null, proposal ?? null, status ?? null],
    [VARCHAR, VARCHAR, VARCHAR],
  )
}

export function readExperiment(database: Database, id: string): Promise<Experiment> {
  return documentById(database, 'experiment', id, (sentence) =>
    raise('T2_EXPERIMENT_UNKNOWN', sentence),
  )
}

import { VARCHAR } from '@duckdb/node-api'
import { raise } from '../../../errors.ts'
import type { Experiment } from '../../../evaluation.ts'
import type { ExperimentFilter } from '../../../evaluation-store.ts'
import type { Database } from '../database.ts'
import { experimentTable, insertRows } from '../tables/index.ts'
import { documentById, documents } from './document-rows.ts'

export async function putExperiment(database: Database, experiment: Experiment): Promise<void> {
  await database.write((connection) =>
    insertRows(connection, experimentTable, [experiment], 'OR REPLACE'),
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

import {
  type DuckDBConnection,
  type DuckDBValue,
  LIST,
  listValue,
  UINTEGER,
  VARCHAR,
} from '@duckdb/node-api'
import { raise } from '../../errors.ts'
import type { Experiment, Trial } from '../evaluation.ts'
import type { ExperimentFilter } from '../evaluation-store.ts'
import type { Database } from './database.ts'
import { documentById, documents, documentText } from './document-rows.ts'
import { readIn } from './read-in.ts'
import { parseJson, text } from './row.ts'
import { markTrialTraces } from './trial-traces.ts'

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

/** Trials at once: what is bound to a statement is copied several times. */
const TRIALS_AT_ONCE = 1_000

export async function putTrials(database: Database, trials: readonly Trial[]): Promise<void> {
  // One statement cannot write a row twice: of several with one id the last counts.
  const rows = [...new Map(trials.map((trial) => [trial.id, trial])).values()]
  if (rows.length === 0) return
  await database.write(async (connection) => {
    for (let from = 0; from < rows.length; from += TRIALS_AT_ONCE) {
      await upsertTrials(connection, rows.slice(from, from + TRIALS_AT_ONCE))
    }
  })
}

async function upsertTrials(connection: DuckDBConnection, trials: readonly Trial[]) {
  const column = (of: (trial: Trial) => DuckDBValue) => listValue(trials.map(of))
  await connection.run(
    `INSERT OR REPLACE INTO trial (id, experiment, key, repeat, outcome, trace_id, started_at, document)
     SELECT unnest($1), unnest($2), unnest($3), unnest($4), unnest($5), unnest($6), unnest($7), unnest($8)::JSON`,
    [
      column(({ id }) => id),
      column(({ experiment }) => experiment),
      column(({ key }) => key),
      column(({ repeat }) => repeat),
      column(({ outcome }) => outcome),
      column(({ traceId }) => traceId),
      column(({ startedAt }) => startedAt),
      column(documentText),
    ],
    [
      LIST(VARCHAR),
      LIST(VARCHAR),
      LIST(VARCHAR),
      LIST(UINTEGER),
      LIST(VARCHAR),
      LIST(VARCHAR),
      LIST(VARCHAR),
      LIST(VARCHAR),
    ],
  )
  const traces = trials.filter(({ traceId }) => traceId !== '')
  await markTrialTraces(
    connection,
    new Map(traces.map(({ traceId, experiment }) => [traceId, experiment])),
  )
}

export function readTrials(database: Database, experiment: string): Promise<Trial[]> {
  return documents(
    database,
    'SELECT document FROM trial WHERE experiment = $1 ORDER BY started_at, id',
    [experiment],
  )
}

export async function findTrials(database: Database, keys: readonly string[]): Promise<Trial[]> {
  if (keys.length === 0) return []
  const latest = await database.rows(
    `SELECT arg_max(id, {'at': started_at, 'id': id}) AS id FROM trial
     WHERE outcome = 'done' AND key IN (SELECT unnest($1))
     GROUP BY key, repeat`,
    [listValue([...keys])],
    [LIST(VARCHAR)],
  )
  // By the key of the table: a search for the others would read every document.
  const rows = await readIn(
    database,
    'SELECT document FROM trial WHERE id',
    latest.map((row) => text(row, 'id')),
  )
  return rows.map((row) => parseJson(text(row, 'document')) as unknown as Trial)
}

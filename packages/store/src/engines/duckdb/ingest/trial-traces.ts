import { type DuckDBConnection, LIST, listValue, VARCHAR } from '@duckdb/node-api'
import { ATTR_EXPERIMENT, ATTR_TRIAL } from '@trace2/core'
import type { ResourceRecord } from '../../../otlp/records.ts'
import type { Database } from '../database.ts'
import { text } from '../row.ts'

/** Words of `RunQuery.experiment` that are no experiment's id. */
export const NO_EXPERIMENT = 'none'
export const ANY_EXPERIMENT = 'any'
/** Of a trace whose trial nobody has stored. */
const UNKNOWN_EXPERIMENT = 'unknown'

/** Traces of the trials of one experiment, or of all. */
export async function readTrialTraces(database: Database, experiment: string): Promise<string[]> {
  const rows = await database.rows(
    'SELECT trace_id FROM trial_trace WHERE $1 IN (experiment, $2)',
    [experiment, ANY_EXPERIMENT],
  )
  return rows.map((row) => text(row, 'trace_id'))
}

/** What a trial, or the resource of a span, says of a trace. */
export interface TrialMark {
  readonly experiment: string | null
  /** Id of the trial. */
  readonly trial: string | null
}

/** What the resource of spans says of their trace; `undefined` where they are of no trial. */
export function trialMark({ attributes }: ResourceRecord): TrialMark | undefined {
  const experiment = attributes.get(ATTR_EXPERIMENT)
  const trial = attributes.get(ATTR_TRIAL)
  const mark = { experiment: wordsOrNull(experiment), trial: wordsOrNull(trial) }
  return mark.experiment === null && mark.trial === null ? undefined : mark
}

function wordsOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

/**
 * Says of traces, by id, that they are those of trials: of the experiment that is named, or that the trial is of. Of a
 * trace that several say something of, a cached trial's for example, the first counts.
 */
export async function markTrialTraces(
  connection: DuckDBConnection,
  marks: ReadonlyMap<string, TrialMark>,
): Promise<void> {
  if (marks.size === 0) return
  const of = [...marks.values()]
  await connection.run(
    `INSERT OR IGNORE INTO trial_trace (trace_id, experiment)
     SELECT marked.trace_id, coalesce(marked.experiment, trial.experiment, '${UNKNOWN_EXPERIMENT}')
     FROM (SELECT unnest($1) AS trace_id, unnest($2) AS experiment, unnest($3) AS trial) marked
     LEFT JOIN trial ON trial.id = marked.trial`,
    [
      listValue([...marks.keys()]),
      listValue(of.map(({ experiment }) => experiment)),
      listValue(of.map(({ trial }) => trial)),
    ],
    [LIST(VARCHAR), LIST(VARCHAR), LIST(VARCHAR)],
  )
}

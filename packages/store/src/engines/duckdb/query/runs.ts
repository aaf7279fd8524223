import { type DuckDBValue, LIST, listValue, VARCHAR } from '@duckdb/node-api'
import { raise } from '../../../errors.ts'
import type { RunQuery, RunSummary } from '../../../store.ts'
import type { Database, Row } from '../database.ts'
import { askIn, duringTraces, duringTracesLike, duringTracesSince } from '../ingest/trace-times.ts'
import { ANY_EXPERIMENT, NO_EXPERIMENT, readTrialTraces } from '../ingest/trial-traces.ts'
import { number, numberOrNull, parseJson, text, textOrNull } from '../row.ts'
import { sql } from '../sql.ts'
import { isoNanoseconds, nanosecondsOf } from '../time.ts'
import { readOnly } from './read-only.ts'

const DEFAULT_LIMIT = 50
/** Leaves the runs of trials out. */
const HIDDEN = 'experiment IS NULL'

/** Latest spans that are looked at first for the latest runs, and by how much more each time that is not enough. */
const FIRST_WINDOW = 20_000
const WINDOW_GROWTH = 8

export async function readRuns(database: Database, query: RunQuery = {}): Promise<RunSummary[]> {
  const { conditions, ofExperiment, values } = conditionsOf(query)
  const limit = Math.trunc(query.limit ?? DEFAULT_LIMIT)
  const select = async (source: string, more: readonly string[] = []): Promise<Row[]> => {
    const all = [...conditions, ...more]
    const text = [
      `SELECT * FROM ${source}`,
      all.length > 0 ? `WHERE ${all.join('\nAND ')}` : '',
      'ORDER BY start_ns DESC, id',
      limit > 0 ? `LIMIT ${limit}` : '',
    ].join('\n')
    const types = values.map((value) => (typeof value === 'string' ? VARCHAR : LIST(VARCHAR)))
    if (query.where === undefined) return database.rows(text, values, types)
    return (await readOnly(database, text, values, types, query.signal)).getRowObjectsJson()
  }
  const ask = askIn(database)
  if (query.ids !== undefined) {
    if (query.ids.length === 0) return []
    const traceIds = query.ids.flatMap((id) => /^[0-9a-f]{32}/.exec(id)?.[0] ?? [])
    const traces = "SELECT DISTINCT split_part(unnest($1::VARCHAR[]), ':', 1)"
    return (await select(runsOfTraces(traces, await duringTraces(ask, traceIds)))).map(runOf)
  }
  if (ofExperiment !== undefined && ofExperiment !== HIDDEN) {
    const tried = await readTrialTraces(database, query.experiment ?? ANY_EXPERIMENT)
    const traces = `SELECT trace_id FROM main.trial_trace WHERE ${ofExperiment}`
    return (await select(runsOfTraces(traces, await duringTraces(ask, tried)))).map(runOf)
  }
  // A run that starts after some moment has its first span after it too, so the latest runs are among the traces of
  // the latest spans: aggregating those alone is what keeps the list quick in a large store.
  for (const since of limit > 0 ? await windowStarts(database) : []) {
    const started = `start_ns >= ${since}::UBIGINT`
    const rows = await select(runsSince(started, await duringTracesSince(ask, since)), [started])
    if (rows.length === limit) return rows.map(runOf)
  }
  return (await select('v_run')).map(runOf)
}

/**
 * Times since which more and more spans of production runs started, up to a large part of the store. About how many is
 * enough, so all traces count as if they were of one size.
 */
async function windowStarts(database: Database): Promise<bigint[]> {
  const [row = {}] = await database.rows(
    `SELECT sum(spans) AS spans, count(*) AS times, (SELECT count(*) FROM trial_trace) AS tried
     FROM trace_time`,
  )
  const tried = number(row, 'tried')
  const spans = number(row, 'spans') * (1 - tried / Math.max(number(row, 'times'), tried, 1))
  const before: number[] = []
  for (let window = FIRST_WINDOW; 2 * window <= spans; window *= WINDOW_GROWTH) {
    before.push(1 - window / spans)
  }
  if (before.length === 0) return []
  // Where there are no trials, this would cost as much again.
  const production =
    tried === 0
      ? ''
      : 'WHERE NOT EXISTS (SELECT 1 FROM trial_trace t WHERE trace_key(t.trace_id) = trace_time.trace_key)'
  const starts = await database.rows(
    `SELECT unnest(quantile_disc(from_ns, [${before}])) AS since FROM trace_time ${production}`,
  )
  return starts.map((start) => BigInt(text(start, 'since')))
}

function conditionsOf(query: RunQuery) {
  const conditions: string[] = []
  const values: DuckDBValue[] = []
  if (query.ids !== undefined) {
    values.push(listValue([...query.ids]))
    conditions.push('id IN (SELECT unnest($1::VARCHAR[]))')
  }
  if (query.since !== undefined) {
    const since = nanosecondsOf(query.since)
    if (since === undefined) throw raise('T2_SQL', `${query.since} is not a time (ISO 8601).`)
    values.push(String(since))
    conditions.push(`start_ns >= $${values.length}::UBIGINT`)
  }
  if (query.hasFeedback !== undefined) {
    conditions.push(query.hasFeedback ? 'feedback > 0' : 'feedback = 0')
  }
  const ofExperiment = experimentCondition(query, values)
  if (ofExperiment !== undefined) conditions.push(ofExperiment)
  // On lines of its own, so that a comment in it ends there; the connection reads only.
  if (query.where !== undefined) conditions.push(`(\n${query.where}\n)`)
  return { conditions, ofExperiment, values }
}

/** A condition on `experiment`, which `v_run` and `trial_trace` have; none where runs are named, which is to choose. */
function experimentCondition(query: RunQuery, values: DuckDBValue[]): string | undefined {
  const experiment = query.experiment ?? (query.ids === undefined ? NO_EXPERIMENT : undefined)
  if (experiment === undefined) return undefined
  if (experiment === NO_EXPERIMENT) return HIDDEN
  if (experiment === ANY_EXPERIMENT) return 'experiment IS NOT NULL'
  values.push(experiment)
  return `experiment = $${values.length}`
}

/** Columns of `span` that runs are made of. */
const spanColumns = `trace_id, span_id, parent_span_id, start_ns, end_ns, kind, op, op_kind, call_id, service, session, user_id,
  status_code, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, cost_usd, error`

/** `v_run` restricted to some traces, whose spans all started at certain times, before anything is aggregated. */
function runsOfTraces(traces: string, during: string): string {
  return runsOf(
    `span AS MATERIALIZED (
      SELECT ${spanColumns} FROM main.span WHERE ${during} AND trace_id IN (${traces})
    )`,
    during,
  )
}

/**
 * `v_run` restricted to the traces that have spans at some time or later, whose spans all started at certain times. Of
 * what started before it, little belongs to them: only there are trace ids compared.
 */
function runsSince(started: string, during: string): string {
  return runsOf(
    `earlier AS MATERIALIZED (
      SELECT ${spanColumns} FROM main.span
      WHERE ${during} AND NOT ${started} AND trace_id IN (SELECT trace_id FROM main.span WHERE ${started})
    ),
    span AS NOT MATERIALIZED (
      SELECT ${spanColumns} FROM main.span WHERE ${started} UNION ALL FROM earlier
    )`,
    during,
  )
}

function runsOf(spans: string, during: string): string {
  return `(
    WITH RECURSIVE ${spans},
    feedback AS MATERIALIZED (SELECT * FROM main.feedback WHERE trace_id IN (SELECT trace_id FROM span)),
    parameter_use AS MATERIALIZED (SELECT * FROM main.parameter_use WHERE ${during})
    SELECT * FROM (${sql('run')})
  )`
}

export async function findRun(database: Database, reference: string): Promise<RunSummary> {
  const wanted = reference.trim().toLowerCase()
  const [, prefix = ''] = /^([0-9a-f]{1,32})(:[0-9a-f]{0,16})?$/.exec(wanted) ?? []
  if (prefix === '') throw raise('T2_RUN_UNKNOWN', `${reference} is not the id of a run.`)
  const during = await duringTracesLike(askIn(database), prefix)
  const traces = `SELECT DISTINCT trace_id FROM main.span
    WHERE ${during} AND starts_with(trace_id, split_part($1, ':', 1))`
  const rows = await database.rows(
    `SELECT * FROM ${runsOfTraces(traces, during)} WHERE starts_with(id, $1) ORDER BY id = $1 DESC, id LIMIT 3`,
    [wanted],
  )
  const [first, second] = rows
  if (!first) throw raise('T2_RUN_UNKNOWN', `There is no run ${reference}.`)
  if (second && first.id !== wanted) {
    throw raise('T2_RUN_AMBIGUOUS', `Several runs begin with ${reference}.`)
  }
  return runOf(first)
}

function runOf(row: Row): RunSummary {
  return {
    id: text(row, 'id'),
    traceId: text(row, 'trace_id'),
    spanId: text(row, 'span_id'),
    name: text(row, 'name'),
    service: textOrNull(row, 'service'),
    session: textOrNull(row, 'session'),
    user: textOrNull(row, 'user_id'),
    startedAt: isoNanoseconds(BigInt(text(row, 'start_ns'))),
    durationMs: number(row, 'duration_ms'),
    spans: number(row, 'spans'),
    errors: number(row, 'errors'),
    failed: row.failed === true,
    score: numberOrNull(row, 'score'),
    scores: scoresOf(parseJson(text(row, 'scores'))),
    feedback: number(row, 'feedback'),
    inputTokens: number(row, 'input_tokens'),
    outputTokens: number(row, 'output_tokens'),
    cacheReadTokens: number(row, 'cache_read_tokens'),
    cacheWriteTokens: number(row, 'cache_write_tokens'),
    reasoningTokens: number(row, 'reasoning_tokens'),
    costUsd: numberOrNull(row, 'cost_usd'),
    parameters: versionsOf(parseJson(text(row, 'parameters'))),
    experiment: textOrNull(row, 'experiment'),
  }
}

function scoresOf(value: unknown): Record<string, number> {
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(Object.entries(value).map(([name, score]) => [name, Number(score)]))
}

function versionsOf(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(Object.entries(value).map(([name, version]) => [name, String(version)]))
}

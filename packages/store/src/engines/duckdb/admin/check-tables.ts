import type { DuckDBConnection } from '@duckdb/node-api'
import { counted, sha256 } from '@trace2/core'
import { type Finding, okFinding } from '../../../finding.ts'
import { TIME_END_NS } from '../../../otlp/index.ts'
import { SCHEMA_VERSION } from './schema.ts'

/** Content hashes are computed for so many texts, taken evenly: all of them in most databases. */
const HASHED_TEXTS = 20_000

interface Check {
  readonly check: string
  readonly fine: string
  readonly found: (count: number) => string
  readonly severity: 'note' | 'warning' | 'error'
  readonly remedy: string
  /** Counts what is wrong. */
  readonly query: string
}

const unrepaired =
  'Export what is there with `trace2 export`, and report this: Trace2 writes these together.'

const checks: readonly Check[] = [
  {
    check: 'span ids',
    fine: 'Every span is stored once.',
    found: (count) => `${counted(count, 'span is', 'spans are')} stored more than once.`,
    severity: 'error',
    remedy: unrepaired,
    query:
      'SELECT count(*) FROM (SELECT 1 FROM span GROUP BY trace_id, span_id HAVING count(*) > 1)',
  },
  {
    check: 'orphan rows',
    fine: 'Every parameter use belongs to a span.',
    found: (count) => `${count} parameter uses belong to no span.`,
    severity: 'error',
    remedy: unrepaired,
    query: 'SELECT count(*) FROM parameter_use ANTI JOIN span USING (trace_id, span_id)',
  },
  {
    check: 'content',
    fine: 'Every long text that a span refers to is stored.',
    found: (count) => `${count} long texts that spans refer to are missing.`,
    severity: 'error',
    remedy: unrepaired,
    query: `SELECT count(*) FROM (
      SELECT input_ref AS hash FROM span UNION SELECT output_ref FROM span UNION SELECT resource_ref FROM span
      UNION SELECT scope_ref FROM span UNION SELECT value_ref FROM edge_ref
    ) named WHERE hash IS NOT NULL AND hash NOT IN (SELECT hash FROM content)`,
  },
  {
    check: 'parameter versions',
    fine: 'Every parameter version in use has its value.',
    found: (count) => `${count} parameter versions in use have no value.`,
    severity: 'warning',
    remedy: 'Spans that carried the value were not sent or were refused; look at the exporter.',
    query: `SELECT count(*) FROM (SELECT DISTINCT name, version FROM parameter_use)
      ANTI JOIN parameter_version USING (name, version)`,
  },
  {
    check: 'times',
    fine: 'Every span has times that can be shown.',
    found: (count) => `${counted(count, 'span has', 'spans have')} a time after 10 April 2262.`,
    severity: 'warning',
    remedy:
      'Views show such a time as NULL. The clock of the sender was wrong; collectors refuse such spans by now.',
    query: `SELECT count(*) FROM span WHERE start_ns >= ${TIME_END_NS} OR end_ns >= ${TIME_END_NS}`,
  },
  {
    check: 'decisions',
    fine: 'Every decision is finished.',
    found: (count) =>
      `${counted(count, 'acceptance or rollback is', 'acceptances and rollbacks are')} not finished.`,
    severity: 'warning',
    remedy:
      'The command was ended on its way. The next `trace2 accept`, `reject` or `rollback` finishes what it began; `trace2 status` names it.',
    query: "SELECT count(*) FROM decision WHERE state = 'begun'",
  },
  {
    check: 'parents',
    fine: 'Every parent span is stored.',
    found: (count) => `${counted(count, 'span has', 'spans have')} a parent that is not stored.`,
    severity: 'note',
    remedy:
      'Usual while runs are under way, with sampling, or where an instrumented caller exports elsewhere.',
    query: `SELECT count(*) FROM span child
      ANTI JOIN span parent ON parent.trace_id = child.trace_id AND parent.span_id = child.parent_span_id
      WHERE child.parent_span_id IS NOT NULL`,
  },
  {
    check: 'origins',
    fine: 'Every recorded origin is stored.',
    found: (count) => `${count} recorded inputs come from spans that are not stored.`,
    severity: 'note',
    remedy: 'Usual after retention, or where spans of the origin were lost or sampled away.',
    query: `SELECT count(*) FROM edge_ref e
      ANTI JOIN span origin ON origin.trace_id = e.origin_trace_id AND origin.span_id = e.origin_span_id
      WHERE e.origin_span_id IS NOT NULL`,
  },
  {
    check: 'malformed inputs',
    fine: 'Every recorded input can be read.',
    found: (count) => `${counted(count, 'entry', 'entries')} of trace2.inputs cannot be read.`,
    severity: 'warning',
    remedy: "Look at them: SELECT * FROM v_edge_ref WHERE origin = 'malformed'.",
    query: "SELECT count(*) FROM edge_ref WHERE origin = 'malformed'",
  },
  {
    check: 'feedback',
    fine: 'All feedback lies on a stored run.',
    found: (count) =>
      `${counted(count, 'piece of feedback is', 'pieces of feedback are')} for runs that are not stored.`,
    severity: 'note',
    remedy: 'They count when the spans come; check the ids if they never do.',
    query: 'SELECT count(*) FROM feedback WHERE trace_id NOT IN (SELECT trace_id FROM span)',
  },
]

/** Checks the tables of an open database against each other. */
export async function checkTables(connection: DuckDBConnection): Promise<Finding[]> {
  const version = await checkVersion(connection)
  if (version.severity === 'error') return [version]
  const findings: Finding[] = [version]
  for (const { check, fine, found, severity, remedy, query } of checks) {
    const count = await numberOf(connection, query)
    findings.push(
      count === 0 ? okFinding(check, fine) : { severity, check, message: found(count), remedy },
    )
  }
  return [...findings, await checkHashes(connection)]
}

async function checkVersion(connection: DuckDBConnection): Promise<Finding> {
  const check = 'schema'
  const tables =
    "SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'main' AND table_name = 'schema_meta'"
  if ((await numberOf(connection, tables)) === 0) {
    const remedy = 'Name a database that Trace2 made.'
    return { severity: 'error', check, message: 'The file is no database of Trace2.', remedy }
  }
  const version = await numberOf(connection, 'SELECT max(version) FROM schema_meta')
  if (version === SCHEMA_VERSION) return okFinding(check, `The tables have version ${version}.`)
  const message = `The tables have version ${version}; this Trace2 writes version ${SCHEMA_VERSION}.`
  const remedy =
    version > SCHEMA_VERSION
      ? 'Update Trace2.'
      : 'Open it once with any command (`trace2 runs`): it is brought up to date. Then check again.'
  return { severity: 'error', check, message, remedy }
}

async function checkHashes(connection: DuckDBConnection): Promise<Finding> {
  const check = 'content hashes'
  const total = await numberOf(connection, 'SELECT count(*) FROM content')
  const every = Math.max(Math.ceil(total / HASHED_TEXTS), 1)
  const result = await connection.stream(
    `SELECT hash, text FROM content WHERE rowid % ${every} = 0`,
  )
  let wrong = 0
  let hashed = 0
  for await (const rows of result.yieldRows()) {
    for (const [hash, text] of rows) {
      hashed++
      if (sha256(String(text)) !== hash) wrong++
    }
  }
  if (wrong === 0)
    return okFinding(check, `${hashed} of ${total} long texts have the hash they are stored under.`)
  const message = `${wrong} of ${hashed} long texts do not have the hash they are stored under.`
  const remedy = 'The file was changed or damaged: restore a copy, or import an export.'
  return { severity: 'error', check, message, remedy }
}

async function numberOf(connection: DuckDBConnection, query: string): Promise<number> {
  const result = await connection.runAndReadAll(query)
  return Number(result.getRowsJson()[0]?.[0] ?? 0)
}

import { LIST, listValue, VARCHAR } from '@duckdb/node-api'
import { type EdgeKind, edgeKinds, type Json } from '@trace2/instrumentation/semconv'
import type { InputNode, OpNode, ParameterNode } from '../../graph/graph.ts'
import {
  capturedInput,
  type GraphParts,
  type PartialEdge,
  spanNodeId,
  type Unordered,
} from '../../graph/parts.ts'
import type { Database, Row } from './database.ts'
import { json, number, parseJson, text, textOrNull } from './row.ts'
import { sql } from './sql.ts'
import { isoNanoseconds } from './time.ts'
import { askIn, duringTraces } from './trace-times.ts'

/** Puts the rows of some traces under the names that the graph queries read. */
const someTraces = (during: string) => `
  WITH RECURSIVE wanted AS MATERIALIZED (SELECT unnest($1::VARCHAR[]) AS trace_id),
  span AS MATERIALIZED (
    SELECT trace_id, span_id, parent_span_id, start_ns, end_ns, status_code, kind, dialect, op, op_kind, description,
      source_hash, input, input_ref, input_plain, output, output_ref, output_plain, output_hash, templates, call_id,
      model, error, error_frame, inputs
    FROM main.span
    WHERE trace_id IN (FROM wanted) AND ${during}
  ),
  content AS MATERIALIZED (
    SELECT hash, text FROM main.content
    WHERE hash IN (
      SELECT input_ref FROM span
      UNION SELECT output_ref FROM span
      UNION SELECT unnest(regexp_extract_all(inputs, '"contentValue":"([0-9a-f]{64})"', 1)) FROM span
        WHERE contains(inputs, '"contentValue"')
    )
  ),
  edge_ref AS MATERIALIZED (
    SELECT * REPLACE (CASE WHEN place IS NULL THEN value END AS value) FROM (${sql('edge-ref')})
  )`

/** What is read of a trace, each as the rows of one query over the names above. */
const selects = {
  spans: sql('graph-span'),
  runs: sql('trace-run'),
  parameters: `
    SELECT used.trace_id, used.parameter AS name, used.version, known.value::VARCHAR AS value, known.trainable,
      known.description, known.schema::VARCHAR AS schema
    FROM (SELECT DISTINCT trace_id, parameter, version FROM edge_ref WHERE origin = 'parameter') used
    LEFT JOIN parameter_version known ON known.name = used.parameter AND known.version = used.version`,
  // A value that a span has in its input comes with that: here is only by which span and role.
  inputs: `
    SELECT e.trace_id, e.value_hash, min(CASE WHEN e.place IS NOT NULL THEN e.span_id || e.role END) AS given,
      coalesce(any_value(e.value), any_value(content.text)::JSON)::VARCHAR AS value
    FROM edge_ref e
    LEFT JOIN content ON content.hash = e.value_ref
    WHERE e.origin = 'value'
    GROUP BY e.trace_id, e.value_hash`,
  edges: sql('edge'),
  malformed: "SELECT trace_id, span_id, pointer FROM edge_ref WHERE origin = 'malformed'",
}

type Part = keyof typeof selects

/**
 * One query for all of it, so that each table is searched once. All rows of a trace come as one JSON text: parsing it
 * takes a third of the time of fetching as many rows by their columns. Columns that are wider than a JavaScript
 * number, or JSON themselves, have to be text.
 */
function partsQuery(during: string, wanted: Readonly<Record<string, string>>): string {
  const parts = Object.entries(wanted).map(
    ([part, select]) =>
      `SELECT '${part}' AS part, trace_id, to_json(list(found))::VARCHAR AS found FROM (${select}) found GROUP BY trace_id`,
  )
  return `${someTraces(during)} ${parts.join('\nUNION ALL\n')}`
}

/** What is stored of a trace, as far as graphs are concerned. */
export interface StoredTrace {
  readonly parts: GraphParts
  /** The span that stands for each run in it, by the run's id. */
  readonly runs: ReadonlyMap<string, string>
}

/** Nodes and edges of some traces, each by its trace id; of a trace that is not stored, none. */
export async function readTraces(
  database: Database,
  traceIds: readonly string[],
): Promise<Map<string, StoredTrace>> {
  const during = await duringTraces(askIn(database), traceIds)
  const read = async (traces: readonly string[], wanted: Readonly<Record<string, string>>) => {
    const found = await database.rows(
      partsQuery(during, wanted),
      [listValue([...traces])],
      [LIST(VARCHAR)],
    )
    return new Map(
      found.map((row) => [`${text(row, 'part')} ${text(row, 'trace_id')}`, text(row, 'found')]),
    )
  }
  const texts = await read(traceIds, selects)
  const spans = new Map(
    traceIds.map((trace) => [trace, distinctSpans(rowsOf(texts.get(`spans ${trace}`)))]),
  )
  // Most traces are our own, and planning this query takes as long as reading one of them.
  const foreign = traceIds.filter((trace) =>
    spans.get(trace)?.some((row) => row.dialect !== 'trace2'),
  )
  const told =
    foreign.length > 0
      ? await read(foreign, { edges: sql('edge-text') })
      : new Map<string, string>()
  return new Map(
    traceIds.map((traceId) => {
      const rows = (part: Part) => rowsOf(texts.get(`${part} ${traceId}`))
      const ops = (spans.get(traceId) ?? []).map(opOf)
      const bySpan = new Map(ops.map((op) => [op.spanId, op]))
      const parts: GraphParts = {
        ops,
        parameters: rows('parameters').map(parameterOf),
        inputs: rows('inputs').map((row) => inputOf(row, bySpan)),
        edges: [...rows('edges'), ...rowsOf(told.get(`edges ${traceId}`))].map(edgeOf),
        malformed: rows('malformed').map((row) => ({
          node: spanNodeId(traceId, text(row, 'span_id')),
          entry: text(row, 'pointer'),
        })),
      }
      const runs = rows('runs').map((row) => [text(row, 'id'), text(row, 'span_id')] as const)
      return [traceId, { parts, runs: new Map(runs) }]
    }),
  )
}

function rowsOf(found: string | undefined): Row[] {
  return found === undefined ? [] : JSON.parse(found)
}

/** A span sent twice with different times was not recognized as the same when it was stored. */
function distinctSpans(rows: readonly Row[]): Row[] {
  const first = new Map<string, Row>()
  for (const row of rows) {
    const id = text(row, 'span_id')
    const known = first.get(id)
    if (!known || number(row, 'start_ns') < number(known, 'start_ns')) first.set(id, row)
  }
  return [...first.values()]
}

const STATUS_ERROR = 2

function opOf(row: Row): Unordered<OpNode> {
  const traceId = text(row, 'trace_id')
  const spanId = text(row, 'span_id')
  const failed = number(row, 'status_code') === STATUS_ERROR
  const startNs = BigInt(text(row, 'start_ns'))
  const endNs = BigInt(text(row, 'end_ns'))
  const dialect = text(row, 'dialect')
  const input = textOrNull(row, 'input')
  const output = textOrNull(row, 'output')
  return {
    kind: failed ? 'exception' : 'op',
    // Joined by the query: what is joined here is slower to look up, and graphs do little else with ids.
    id: text(row, 'id'),
    traceId,
    spanId,
    parent: textOrNull(row, 'parent_span_id'),
    run: row.kind === 'run',
    op: text(row, 'op'),
    description: text(row, 'description'),
    sourceHash: textOrNull(row, 'source_hash'),
    dialect,
    inputs: input === null ? {} : inputsOf(parseJson(input), dialect),
    templates: templatesOf(json(row, 'templates')),
    value: failed ? text(row, 'error') : output === null ? null : parseJson(output),
    errorFrame: textOrNull(row, 'error_frame'),
    model: textOrNull(row, 'model'),
    startedAt: isoNanoseconds(startNs),
    durationMs: endNs > startNs ? Number(endNs - startNs) / 1e6 : 0,
  }
}

function inputsOf(input: Json, dialect: string): OpNode['inputs'] {
  return dialect === 'trace2' && isJsonObject(input) ? input : { input }
}

function templatesOf(templates: Json): OpNode['templates'] {
  if (!isJsonObject(templates)) return {}
  return Object.fromEntries(Object.entries(templates).map(([role, of]) => [role, String(of)]))
}

function isJsonObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parameterOf(row: Row): GraphParts['parameters'][number] {
  const name = text(row, 'name')
  const version = text(row, 'version')
  const known = textOrNull(row, 'value') !== null
  const node: Unordered<ParameterNode> = {
    kind: 'parameter',
    id: `param:${name}@${version}`,
    name,
    version,
    value: known ? json(row, 'value') : null,
    trainable: row.trainable === true,
    description: textOrNull(row, 'description') ?? '',
    schema: known ? json(row, 'schema') : null,
  }
  return { ...node, known }
}

const SPAN_ID_LENGTH = 16

function inputOf(row: Row, ops: ReadonlyMap<string, Unordered<OpNode>>): Unordered<InputNode> {
  const given = textOrNull(row, 'given')
  const op = given === null ? undefined : ops.get(given.slice(0, SPAN_ID_LENGTH))
  const value =
    given !== null && op ? capturedInput(op, given.slice(SPAN_ID_LENGTH)) : json(row, 'value')
  return { kind: 'input', id: `value:${text(row, 'value_hash')}`, value: value ?? null }
}

function edgeOf(row: Row): PartialEdge {
  return {
    from: text(row, 'from_id'),
    to: text(row, 'to_id'),
    role: text(row, 'role'),
    pointer: text(row, 'pointer'),
    how: kindOf(text(row, 'how')),
  }
}

function kindOf(how: string): EdgeKind {
  return edgeKinds.find((kind) => kind === how) ?? 'link'
}

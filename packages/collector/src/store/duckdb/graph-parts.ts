import type { EdgeKind, Json } from '@trace2/instrumentation/semconv'
import type { InputNode, OpNode, ParameterNode } from '../../graph/graph.ts'
import { type GraphParts, type PartialEdge, spanNodeId, type Unordered } from '../../graph/parts.ts'
import type { Database, Row } from './database.ts'
import { json, number, parseJson, text, textOrNull } from './row.ts'
import { sql } from './sql.ts'
import { isoNanoseconds } from './time.ts'

/** Puts one trace's rows under the names that the graph queries read. */
const oneTrace = `
  WITH RECURSIVE span AS MATERIALIZED (SELECT * FROM main.span WHERE trace_id = $1),
  edge_ref AS MATERIALIZED (SELECT * FROM main.edge_ref WHERE trace_id = $1),
  content AS MATERIALIZED (
    SELECT hash, text FROM main.content
    WHERE hash IN (
      SELECT input_ref FROM span UNION SELECT output_ref FROM span UNION SELECT value_ref FROM edge_ref
    )
  )`

/** Nodes and edges of one trace. */
export async function readGraphParts(database: Database, traceId: string): Promise<GraphParts> {
  const query = (name: string, where = '') =>
    database.rows(`${oneTrace} SELECT * FROM (${sql(name)}) ${where}`, [traceId])
  const [spans, nodes, edges, malformed] = await Promise.all([
    query('graph-span'),
    query('node', "WHERE kind IN ('parameter', 'input')"),
    query('edge'),
    database.rows(
      "SELECT span_id, pointer FROM edge_ref WHERE trace_id = $1 AND origin = 'malformed'",
      [traceId],
    ),
  ])
  const parameters = nodes.filter((row) => row.kind === 'parameter')
  return {
    ops: distinctSpans(spans).map(opOf),
    parameters: await Promise.all(parameters.map((row) => parameterOf(database, row))),
    inputs: nodes.filter((row) => row.kind === 'input').map(inputOf),
    edges: edges.map(edgeOf),
    malformed: malformed.map((row) => ({
      node: spanNodeId(traceId, text(row, 'span_id')),
      entry: text(row, 'pointer'),
    })),
  }
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
    id: spanNodeId(traceId, spanId),
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

async function parameterOf(
  database: Database,
  row: Row,
): Promise<GraphParts['parameters'][number]> {
  const name = text(row, 'name')
  const version = text(row, 'version')
  const [known] = await database.rows(
    'SELECT * FROM parameter_version WHERE name = $1 AND version = $2',
    [name, version],
  )
  const node: Unordered<ParameterNode> = {
    kind: 'parameter',
    id: text(row, 'id'),
    name,
    version,
    value: known ? json(known, 'value') : null,
    trainable: known?.trainable === true,
    description: known ? text(known, 'description') : '',
    schema: known ? json(known, 'schema') : null,
  }
  return { ...node, known: known !== undefined }
}

function inputOf(row: Row): Unordered<InputNode> {
  return { kind: 'input', id: text(row, 'id'), value: json(row, 'value') }
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

const kinds: readonly EdgeKind[] = [
  'exact',
  'identity',
  'template',
  'value',
  'hash',
  'text',
  'contains',
  'link',
]

function kindOf(how: string): EdgeKind {
  return kinds.find((kind) => kind === how) ?? 'link'
}

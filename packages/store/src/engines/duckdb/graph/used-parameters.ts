import { parameterKind } from '@trace2/core'
import type { NodeId, ParameterNode } from '../../../graph/graph.ts'
import { nodeId } from '../../../graph/node-id.ts'
import type { Database, Row } from '../database.ts'
import { readIn } from '../read-in.ts'
import { json, text } from '../row.ts'
import type { StoredSpan } from './graph-span.ts'
import type { StoredInput } from './stored-inputs.ts'

/** Versions that are kept: runs of an agent mostly use the same few. */
const MOST_KEPT = 10_000

/** The versions of parameters that spans used. One that was read is not read again. */
export class UsedParameters {
  readonly #database: Database
  #kept = new Map<NodeId, ParameterNode>()

  constructor(database: Database) {
    this.#database = database
  }

  /** Those of some traces that are stored, by their nodes' ids. */
  async of(
    traces: readonly (readonly StoredSpan[])[],
  ): Promise<ReadonlyMap<NodeId, ParameterNode>> {
    if (this.#kept.size > MOST_KEPT) this.#kept = new Map()
    const kept = this.#kept
    const missing = new Map<NodeId, string>()
    for (const spans of traces) {
      for (const { inputs } of spans) {
        for (const input of inputs) {
          if (input.origin !== 'parameter') continue
          const id = parameterId(input)
          if (!kept.has(id)) missing.set(id, input.b)
        }
      }
    }
    const rows = await readIn(
      this.#database,
      `SELECT name, version, value::VARCHAR AS value, trainable, description, schema::VARCHAR AS schema, kind
       FROM parameter_version
       WHERE version`,
      [...new Set(missing.values())],
    )
    for (const row of rows) {
      const node = parameterOf(row)
      if (missing.has(node.id)) kept.set(node.id, node)
    }
    return kept
  }
}

export function parameterId({ a: name, b: version }: StoredInput): NodeId {
  return nodeId('parameter', name, version)
}

function parameterOf(row: Row): ParameterNode {
  const value = json(row, 'value')
  const schema = json(row, 'schema')
  const [name, version] = [text(row, 'name'), text(row, 'version')]
  return {
    kind: 'parameter',
    id: nodeId('parameter', name, version),
    level: 0,
    name,
    version,
    value,
    valueKind: parameterKind(value, schema, row.kind),
    trainable: row.trainable === true,
    description: text(row, 'description'),
    schema,
  }
}

/** Of a version that a span says it used, and that nobody has sent. */
export function unseenParameter(id: NodeId, { a: name, b: version }: StoredInput): ParameterNode {
  return {
    kind: 'parameter',
    id,
    level: 0,
    name,
    version,
    value: null,
    valueKind: parameterKind(null, null),
    trainable: false,
    description: '',
    schema: null,
  }
}

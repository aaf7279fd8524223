import type { NodeId } from '../../../graph/graph.ts'
import { nodeId } from '../../../graph/node-id.ts'
import type { Database } from '../database.ts'
import { readIn } from '../read-in.ts'
import { text } from '../row.ts'
import type { StoredSpan } from './graph-span.ts'
import { promptInput, type StoredInput } from './stored-inputs.ts'

type Spans = ReadonlyMap<string, readonly StoredSpan[]>

/** The prompts of some traces that were named after what is around their spans: the spans' own inputs do not have them. */
export class StoredPrompts {
  readonly #read: () => Promise<ReadonlyMap<NodeId, readonly StoredInput[]>>

  /** @param during a condition that all spans of the traces meet. */
  constructor(database: Database, traceIds: readonly string[], during: string) {
    let inputs: ReturnType<typeof readPrompts> | undefined
    this.#read = () => {
      inputs ??= readPrompts(database, traceIds, during)
      return inputs
    }
  }

  /** Adds them to the spans of some of the traces. They are read once for all, where one of these is a stranger's. */
  async addedTo(spans: Spans): Promise<Spans> {
    const isForeign = [...spans.values()].some((some) =>
      some.some(({ dialect }) => dialect !== 'trace2'),
    )
    if (!isForeign) return spans
    const inputs = await this.#read()
    const complete = (span: StoredSpan) => {
      const more = inputs.get(span.id)
      return more ? { ...span, inputs: [...more, ...span.inputs] } : span
    }
    return new Map(Array.from(spans, ([traceId, some]) => [traceId, some.map(complete)]))
  }
}

async function readPrompts(
  database: Database,
  traceIds: readonly string[],
  during: string,
): Promise<Map<NodeId, StoredInput[]>> {
  const rows = await readIn(
    database,
    `SELECT trace_id, span_id, role, name, version FROM parameter_use
     WHERE role IS NOT NULL AND ${during} AND trace_id`,
    traceIds,
  )
  const inputs = new Map<NodeId, StoredInput[]>()
  for (const row of rows) {
    const spanId = text(row, 'span_id')
    const id = nodeId('span', text(row, 'trace_id'), spanId)
    const input = promptInput(spanId, text(row, 'role'), text(row, 'name'), text(row, 'version'))
    const some = inputs.get(id)
    if (some) some.push(input)
    else inputs.set(id, [input])
  }
  return inputs
}

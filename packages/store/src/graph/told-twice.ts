import type { Json } from '@trace2/core'
import type { NodeId, OpNode } from './graph.ts'
import { isJsonObject, spanNodeId } from './parts.ts'

/** What a model call without a name of its own is called. */
const MODEL_CALL = 'chat'

const nothing: ReadonlySet<NodeId> = new Set()

/**
 * Model calls that are told a second time, with nothing of what was asked, and nothing answered but what the other span has. Some
 * clients record each request themselves, inside the span that an instrumentation makes of it, or beside that with the id of the
 * same response. What runs inside such a call keeps it.
 *
 * @param responses ids of the responses that model calls got.
 */
export function toldTwice(
  ops: readonly OpNode[],
  responses: ReadonlyMap<NodeId, string>,
): ReadonlySet<NodeId> {
  const silent = ops.filter((op) => isModelCall(op) && Object.keys(op.inputs).length === 0)
  if (silent.length === 0) return nothing
  const byId = new Map(ops.map((op) => [op.id, op]))
  const around = new Set(
    ops.flatMap(({ traceId, parent }) => (parent === null ? [] : [spanNodeId(traceId, parent)])),
  )
  const known = new Map<string, OpNode>()
  for (const op of ops) {
    const response = responses.get(op.id)
    if (response !== undefined && Object.keys(op.inputs).length > 0) {
      known.set(`${op.traceId} ${response}`, op)
    }
  }
  const again = silent.filter((op) => {
    const { id, traceId, parent } = op
    if (around.has(id)) return false
    const outer = parent === null ? undefined : byId.get(spanNodeId(traceId, parent))
    const beside = known.get(`${traceId} ${responses.get(id)}`)
    return [outer, beside].some((other) => other && isModelCall(other) && hasAll(other, op))
  })
  return new Set(again.map(({ id }) => id))
}

function isModelCall({ kind, op, dialect, model }: OpNode): boolean {
  return kind === 'op' && op === MODEL_CALL && model !== null && dialect !== 'trace2'
}

/** Whether a model call has content, and all that another one answered. */
function hasAll(one: OpNode, { value: said }: OpNode): boolean {
  if (said === null || said === '') return one.value !== null || Object.keys(one.inputs).length > 0
  return textOf(one.value) === textOf(said)
}

function textOf(value: Json): string {
  const content = isJsonObject(value) ? value.content : value
  return JSON.stringify(content ?? null)
}

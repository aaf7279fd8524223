import type { NodeId, OpNode } from './graph.ts'
import { spanNodeId } from './parts.ts'

/** What a model call without a name of its own is called. */
const MODEL_CALL = 'chat'

const nothing: ReadonlySet<NodeId> = new Set()

/**
 * Model calls that are told a second time, without what was asked and answered. Some clients record each request themselves,
 * inside the span that an instrumentation makes of it. What runs inside such a call keeps it.
 */
export function toldTwice(ops: readonly OpNode[]): ReadonlySet<NodeId> {
  const empty = ops.filter((op) => op.parent !== null && isModelCall(op) && !hasContent(op))
  if (empty.length === 0) return nothing
  const byId = new Map(ops.map((op) => [op.id, op]))
  const around = new Set(
    ops.flatMap(({ traceId, parent }) => (parent === null ? [] : [spanNodeId(traceId, parent)])),
  )
  const again = empty.filter((op) => {
    if (op.parent === null || around.has(op.id)) return false
    const outer = byId.get(spanNodeId(op.traceId, op.parent))
    return outer !== undefined && isModelCall(outer) && hasContent(outer)
  })
  return new Set(again.map(({ id }) => id))
}

function isModelCall({ kind, op, dialect, model }: OpNode): boolean {
  return kind === 'op' && op === MODEL_CALL && model !== null && dialect !== 'trace2'
}

function hasContent({ inputs, value }: OpNode): boolean {
  return value !== null || Object.keys(inputs).length > 0
}

import type { GraphNode, OpNode, RunGraph } from '@trace2/store'
import type { UnreachedReason } from '../backward/index.ts'
import type { UnreachedParameter } from '../step/index.ts'

/** How many calls an explanation names. */
const named = 3

/** Parameters that are part of none of the graphs that feedback lies on, and why that may be. */
export function absentParameters(
  graphs: readonly RunGraph[],
  names: Iterable<string>,
): readonly UnreachedParameter[] {
  const present = new Set(
    graphs.flatMap(({ nodes }) =>
      nodes.flatMap((node) => (node.kind === 'parameter' ? node.name : [])),
    ),
  )
  const missing = [...names].filter((name) => !present.has(name))
  if (missing.length === 0 || graphs.length === 0) return []
  const why = explain(graphs)
  return missing.map((name) => ({ name, runs: graphs.length, reachedIn: 0, ...why }))
}

function explain(graphs: readonly RunGraph[]): { reason: UnreachedReason; detail: string } {
  const unused = 'No call that led to the feedback is recorded as having used it.'
  const cut = graphs.find(({ repairs }) => repairs.some(({ kind }) => kind === 'unfollowed-link'))
  if (cut) {
    const calls = cut.nodes.filter(isCall).length
    return {
      reason: 'cut-off',
      detail: `Of the ${calls} latest calls that led to the feedback none used it; earlier ones are too many to be read. Give feedback on an earlier result, or wrap what belongs together in run().`,
    }
  }
  const beginning = graphs.find(({ repairs }) => repairs.some(({ kind }) => kind === 'left-out'))
  if (beginning) {
    const detail =
      'A graph that feedback lies on is too large to be read in full (`left-out` in its repairs): what used the parameter may be in the rest.'
    return { reason: 'cut-off', detail }
  }
  const plain = new Set(graphs.flatMap(plainInputs))
  if (plain.size === 0) return { reason: 'absent', detail: unused }
  const shown = [...plain].slice(0, named).join(', ')
  return {
    reason: 'absent',
    detail: `${unused} Outside run(), nothing tells where a plain value came from that a call was given (${shown}${plain.size > named ? ', …' : ''}): pass what the call before returned as a node (.node(…)) or in a text made by t\`…\`, or wrap the calls in run().`,
  }
}

/** What calls outside any run were given from nowhere, as `operator(role)`. */
function plainInputs({ nodes, edges }: RunGraph): string[] {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  return edges.flatMap(({ from, to, role }) => {
    const call = byId.get(to)
    const given = byId.get(from)
    if (!call || !isCall(call) || call.run || call.parent !== null) return []
    return given?.kind === 'input' ? `${call.op}(${role})` : []
  })
}

function isCall(node: GraphNode): node is OpNode {
  return 'op' in node
}

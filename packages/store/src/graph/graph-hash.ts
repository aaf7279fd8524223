import { valueHash } from '@trace2/core'
import { compareText } from './acyclic.ts'
import type { GraphNode, NodeId, RunGraph } from './graph.ts'

/**
 * Canonical hash of a graph: 64 hex digits that are equal for two graphs that say the same. Operators with their names
 * and values, parameters, inputs and edges count; ids, times, the order of spans, levels, repairs, the dialect, and
 * where a value was recorded do not.
 *
 * Each node's hash is refined by those of its neighbours until nothing more is told apart (Weisfeiler and Leman 1968),
 * so that equal graphs have equal hashes whatever their order; different ones have different hashes but for graphs
 * that this refinement cannot tell apart, which differ in nothing that a program reads.
 *
 * @example graphHash(await store.graph(run)) === graphHash(await otherStore.graph(otherRun))
 */
export function graphHash(graph: RunGraph): string {
  let colours = new Map<NodeId, string>(
    graph.nodes.map((node) => [node.id, valueHash([contentOf(node), node.id === graph.output])]),
  )
  for (let known = distinct(colours); ; ) {
    colours = refined(graph, colours)
    const now = distinct(colours)
    if (now === known) return valueHash([...colours.values()].sort(compareText))
    known = now
  }
}

function distinct(colours: ReadonlyMap<NodeId, string>): number {
  return new Set(colours.values()).size
}

function refined(graph: RunGraph, colours: ReadonlyMap<NodeId, string>): Map<NodeId, string> {
  const around = new Map<NodeId, string[]>(graph.nodes.map(({ id }) => [id, []]))
  for (const { from, to, role, pointer, how } of graph.edges) {
    const edge = [role, pointer, how]
    around.get(to)?.push(JSON.stringify(['in', ...edge, colours.get(from)]))
    around.get(from)?.push(JSON.stringify(['out', ...edge, colours.get(to)]))
  }
  return new Map(
    Array.from(around, ([id, neighbours]) => [
      id,
      valueHash([colours.get(id), neighbours.sort(compareText)]),
    ]),
  )
}

/** What a node says, without what tells one recording of it from another. */
function contentOf(node: GraphNode): unknown {
  switch (node.kind) {
    case 'input':
      return ['input', node.value]
    case 'parameter':
      return ['parameter', node.name, node.version, node.trainable, node.description, node.schema]
    default:
      return [
        node.kind,
        node.run,
        node.op,
        node.description,
        node.inputs,
        node.templates,
        node.value,
      ]
  }
}

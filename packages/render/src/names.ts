import { printable } from '@trace2/core'
import type { GraphNode, NodeId, RunGraph } from '@trace2/store'
import { shorten } from './width.ts'

const longestName = 60

/**
 * A short name for every node of a graph, unique within it and safe to print: operators are numbered in the order
 * of the data (`3 decide`), parameters carry their version only where the run used several, inputs are named after
 * the roles in which they were used.
 */
export function nodeNames(graph: RunGraph): ReadonlyMap<NodeId, string> {
  const roles = rolesByProducer(graph)
  const versions = new Map<string, number>()
  for (const node of graph.nodes) {
    if (node.kind === 'parameter') versions.set(node.name, (versions.get(node.name) ?? 0) + 1)
  }
  const names = new Map<NodeId, string>()
  const inputs = new Map<string, number>()
  let operators = 0
  for (const node of graph.nodes) {
    names.set(node.id, shorten(printable(nameOf(node)), longestName))
  }
  return names

  function nameOf(node: GraphNode): string {
    switch (node.kind) {
      case 'parameter': {
        const version = (versions.get(node.name) ?? 0) > 1 ? `@${node.version.slice(0, 8)}` : ''
        return node.name + version
      }
      case 'input': {
        const name = roles.get(node.id) ?? 'input'
        const used = (inputs.get(name) ?? 0) + 1
        inputs.set(name, used)
        return used === 1 ? name : `${name}·${used}`
      }
      default:
        operators++
        return `${operators} ${node.op}`
    }
  }
}

function rolesByProducer(graph: RunGraph): ReadonlyMap<NodeId, string> {
  const roles = new Map<NodeId, Set<string>>()
  for (const { from, role } of graph.edges) {
    const known = roles.get(from) ?? new Set()
    // Two roles tell an input from others; a value used everywhere would have a name as long as the line.
    if (known.size < 2) known.add(role)
    roles.set(from, known)
  }
  return new Map(Array.from(roles, ([node, names]) => [node, [...names].join('/')]))
}

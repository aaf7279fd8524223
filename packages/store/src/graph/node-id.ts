import type { NodeId } from './graph.ts'

/** What node ids are joined of: the prefix, a first part and, where there is one, a second part after `between`. */
export const nodeIds = {
  span: { prefix: 'span:', between: ':' },
  parameter: { prefix: 'param:', between: '@' },
  value: { prefix: 'value:', between: undefined },
} as const

export type NodeSort = keyof typeof nodeIds

// The inputs of a run mostly name the same version: joining its id, and hashing that, is a good part of deriving edges.
let latest = { name: '', version: '', id: 'param:@' }

export function nodeId(sort: NodeSort, a: string, b: string): NodeId {
  if (sort === 'parameter' && a === latest.name && b === latest.version) return latest.id
  const { prefix, between } = nodeIds[sort]
  const id = between === undefined ? prefix + a : prefix + a + between + b
  if (sort === 'parameter') latest = { name: a, version: b, id }
  return id
}

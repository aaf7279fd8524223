import type { NodeId } from './graph.ts'

/** What node ids are joined of: the prefix, a first part and, where there is one, a second part after `between`. */
export const nodeIds = {
  span: { prefix: 'span:', between: ':' },
  parameter: { prefix: 'param:', between: '@' },
  value: { prefix: 'value:', between: undefined },
} as const

export type NodeSort = keyof typeof nodeIds

export function nodeId(sort: NodeSort, a: string, b: string): NodeId {
  const { prefix, between } = nodeIds[sort]
  return between === undefined ? prefix + a : prefix + a + between + b
}

import { expect, it } from 'vitest'
import type { GraphEdge, NodeId, OpNode } from './graph.ts'
import { spanNodeId } from './parts.ts'
import { withoutToolsOwnWords } from './tool-descriptions.ts'

const op = (spanId: string, name: string): OpNode => ({
  ...{ kind: 'op', id: spanNodeId('a', spanId), level: 0, traceId: 'a', spanId, parent: null },
  ...{ run: false, op: name, description: '', sourceHash: null, dialect: 'openinference' },
  ...{ inputs: {}, templates: {}, value: null, errorFrame: null, model: null },
  ...{ startedAt: '', durationMs: 0 },
})
const ops = new Map<NodeId, OpNode>(
  [op('1', 'chat'), op('2', 'find')].map((node) => [node.id, node]),
)
const edge = (to: string, version: string): GraphEdge => ({
  from: `param:tool.find.description@${version}` as NodeId,
  to: spanNodeId('a', to),
  ...{ role: 'tool.find', pointer: '', how: 'exact' },
})

it('a run has the description of a tool that a model was told, and the tool’s own only where there is no other', () => {
  const told = edge('1', 'x')
  const own = edge('2', 'y')
  expect(withoutToolsOwnWords([told, own], ops)).toEqual([told])
  expect(withoutToolsOwnWords([own], ops)).toEqual([own])
})

import type { Feedback, RunGraph } from '@trace2/store'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backward } from '../backward/index.ts'
import { feedbackOn } from '../testing/feedback.ts'
import { arbitraryGraph, GraphBuilder } from '../testing/graphs.ts'
import { makeBatch } from './batch.ts'
import { nodeNames } from './names.ts'
import { shapeOf } from './shape.ts'

const shape = (graph: RunGraph) =>
  shapeOf(backward(graph, [feedbackOn(graph)]).subgraph, new Set([graph.output]))

function agent(trace: string, ticket: string, options: { system?: string; retries?: number } = {}) {
  const g = new GraphBuilder(trace)
  const system = g.parameter('system', options.system ?? 'Classify.')
  const input = g.input(ticket)
  let label = g.op(
    'classify',
    [
      ['ticket', input],
      ['system', system],
    ],
    ticket.length,
  )
  for (let i = 0; i < (options.retries ?? 0); i++) label = g.op('classify', [['ticket', label]], i)
  g.op('reply', [['label', label]], 'done')
  return g.build()
}

describe('grouping by shape', () => {
  it('puts runs of one structure together whatever their values, ids and times', () => {
    const graphs = [
      agent('1'.repeat(32), 'a'),
      agent('2'.repeat(32), 'b', { retries: 1 }),
      agent('3'.repeat(32), 'c', { system: 'Other.' }),
    ]
    const runs = graphs.map((graph) => backward<Feedback>(graph, [feedbackOn(graph)]))
    const version = runs[0]?.reached[0]?.parameter.version ?? ''
    const batch = makeBatch(runs, new Map([['system', version]]))
    expect(
      batch.groups.map(({ label, runs }) => [label, runs.map(({ number }) => number)]),
    ).toEqual([
      ['A', [1, 3]],
      ['B', [2]],
    ])
    expect(batch.runs.map(({ otherVersions }) => otherVersions.map(({ name }) => name))).toEqual([
      [],
      [],
      ['system'],
    ])
  })

  it('does not depend on the order of nodes and edges', () => {
    fc.assert(
      fc.property(arbitraryGraph(20), (graph) => {
        const turned = {
          ...graph,
          nodes: graph.nodes.toReversed(),
          edges: graph.edges.toReversed(),
        }
        const [one, other] = [shape(graph), shape(turned)]
        expect(other.key).toBe(one.key)
        expect(other.nodes.map(({ node }) => node.id)).toEqual(one.nodes.map(({ node }) => node.id))
      }),
    )
  })

  it('never mixes different structures', () => {
    const g = (roles: readonly [string, string]) => {
      const builder = new GraphBuilder()
      const p = builder.parameter('p', 1)
      const x = builder.input('x')
      builder.op(
        'f',
        [
          [roles[0], p],
          [roles[1], x],
        ],
        '',
      )
      return shape(builder.build()).key
    }
    expect(g(['a', 'b'])).not.toBe(g(['b', 'a']))
  })

  it('gives every node a name of its own', () => {
    fc.assert(
      fc.property(arbitraryGraph(20), (graph) => {
        const names = nodeNames(shape(graph))
        expect(new Set(names).size).toBe(names.length)
      }),
    )
  })
})

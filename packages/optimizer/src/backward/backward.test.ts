import { groupBy } from '@trace2/core'
import type { NodeId, RunGraph } from '@trace2/store'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shapeOf } from '../batch/index.ts'
import { arbitraryGraph, GraphBuilder, spanOf } from '../testing/graphs.ts'
import { backward } from './backward.ts'

const on = (id: NodeId) => spanOf(id)
const wholeRun = { traceId: 'a'.repeat(32), spanId: null }
const ids = (nodes: readonly { id: NodeId }[]) => nodes.map(({ id }) => id)

/** Every node from which `to` can be reached, by the definition and by brute force. */
function leadsTo(graph: RunGraph, from: NodeId, to: NodeId, seen = new Set<NodeId>()): boolean {
  if (from === to) return true
  if (seen.has(from)) return false
  seen.add(from)
  return graph.edges.some((edge) => edge.from === from && leadsTo(graph, edge.to, to, seen))
}

/** Everything that `next` leads to from the start, the start included. */
function closure(start: readonly NodeId[], next: (id: NodeId) => readonly NodeId[]): Set<NodeId> {
  const found = new Set(start)
  for (const id of found) for (const other of next(id)) found.add(other)
  return found
}

describe('backward on graphs of every shape', () => {
  it('gives each parameter exactly the nodes on a path to a target, and their other inputs', () => {
    fc.assert(
      fc.property(
        arbitraryGraph(14),
        fc.array(fc.nat(1000), { minLength: 1, maxLength: 3 }),
        (graph, draws) => {
          const ops = graph.nodes.filter((node) => 'op' in node)
          const targets = draws.map((draw) => ops[draw % ops.length]?.id ?? '')
          const result = backward(graph, targets.map(on))
          const expectReached = graph.nodes.filter(
            (node) =>
              node.kind === 'parameter' &&
              node.trainable &&
              targets.some((target) => leadsTo(graph, node.id, target)),
          )
          expect(result.reached.map(({ parameter }) => parameter.id)).toEqual(ids(expectReached))
          const union = new Set<NodeId>()
          for (const { parameter, subgraph, feedback } of result.reached) {
            const path = ids(graph.nodes).filter(
              (id) =>
                leadsTo(graph, parameter.id, id) &&
                targets.some((target) => leadsTo(graph, id, target)),
            )
            for (const id of path) union.add(id)
            expect(new Set(ids(subgraph.path))).toEqual(new Set(path))
            const beside = graph.edges.filter(
              ({ from, to }) => path.includes(to) && !path.includes(from),
            )
            expect(new Set(ids(subgraph.blanket))).toEqual(new Set(beside.map(({ from }) => from)))
            expect(feedback).toEqual(
              targets.filter((target) => leadsTo(graph, parameter.id, target)).map(on),
            )
          }
          expect(new Set(ids(result.subgraph.path))).toEqual(union)
        },
      ),
      { numRuns: 300 },
    )
  })

  // `TRACE2_GRAPHS=10000` is the full length.
  const asked = Number(process.env.TRACE2_GRAPHS ?? 0)
  it('agrees with the definition on graphs of many nodes, and on their levels', () => {
    fc.assert(
      fc.property(arbitraryGraph(asked ? 1000 : 200), fc.nat(), (graph, draw) => {
        const ops = graph.nodes.filter((node) => 'op' in node)
        const target = ops[draw % ops.length]?.id ?? ''
        const into = groupBy(graph.edges, ({ to }) => to)
        const out = groupBy(graph.edges, ({ from }) => from)
        const above = closure([target], (id) => into.get(id)?.map(({ from }) => from) ?? [])
        const trainable = graph.nodes.flatMap((node) =>
          node.kind === 'parameter' && node.trainable ? node.id : [],
        )
        const below = closure(trainable, (id) => out.get(id)?.map(({ to }) => to) ?? [])
        const path = graph.nodes.flatMap(({ id }) => (above.has(id) && below.has(id) ? id : []))
        const { subgraph } = backward(graph, [on(target)])
        expect(new Set(ids(subgraph.path))).toEqual(new Set(path))
        const longest = new Map<NodeId, number>()
        for (const { node, level } of shapeOf(subgraph, new Set([target])).nodes) {
          longest.set(node.id, level)
        }
        for (const id of path) {
          const producers = into.get(id)?.map(({ from }) => longest.get(from) ?? 0) ?? []
          expect(longest.get(id)).toBe(Math.max(-1, ...producers) + 1)
        }
      }),
      { numRuns: asked || 100 },
    )
  }, 3_600_000)

  it('orders producers before consumers and does not depend on the order of spans', () => {
    fc.assert(
      fc.property(arbitraryGraph(20), fc.infiniteStream(fc.nat(1_000_000)), (graph, random) => {
        const shuffled = {
          ...graph,
          nodes: graph.nodes
            .map((node) => ({ node, key: random.next().value ?? 0 }))
            .sort((a, b) => a.key - b.key)
            .map(({ node }) => node),
        }
        const { subgraph } = backward(shuffled, [wholeRun])
        const at = new Map(subgraph.path.map(({ id }, position) => [id, position]))
        for (const { from, to } of subgraph.edges) {
          const producer = at.get(from)
          if (producer !== undefined) expect(producer).toBeLessThan(at.get(to) ?? -1)
        }
        const { subgraph: original } = backward(graph, [wholeRun])
        expect(new Set(ids(subgraph.path))).toEqual(new Set(ids(original.path)))
      }),
    )
  })
})

describe('backward where Trace goes wrong', () => {
  it('keeps an operator whose output is also used by a later one (a plan feeds a chain and the answer)', () => {
    const g = new GraphBuilder()
    const p0 = g.parameter('p0', 'P')
    const q = g.parameter('q', 'Q')
    const s = g.op('h', [['x', p0]], 's')
    const m = g.op('g', [['x', s]], 'm')
    const d1 = g.op('d1', [['x', m]], 'd1')
    const d2 = g.op('d2', [['x', d1]], 'd2')
    const z = g.op('k', [['x', q]], 'z')
    const out = g.op(
      'f',
      [
        ['d', d2],
        ['s', s],
        ['z', z],
      ],
      'out',
    )
    const { subgraph, reached } = backward(g.build(out), [on(out)])
    expect(new Set(ids(subgraph.path))).toEqual(new Set([p0, q, s, m, d1, d2, z, out]))
    expect(subgraph.blanket).toEqual([])
    expect(ids(reached[0]?.subgraph.blanket ?? [])).toEqual([z])
  })

  it('tells apart siblings with equal values', () => {
    const g = new GraphBuilder()
    const p = g.parameter('p', 'same')
    const a = g.op('a', [['x', p]], 'same')
    const b = g.op('b', [['x', p]], 'same')
    const c = g.op('c', [['x', a]], 'same')
    const d = g.op('d', [['x', b]], 'same')
    const { subgraph } = backward(g.build(), [on(c), on(d)])
    expect(subgraph.edges).toHaveLength(4)
    expect(ids(subgraph.path)).toEqual([p, a, b, c, d])
  })

  it('brings the feedback of two outputs through the intermediate they share', () => {
    const g = new GraphBuilder()
    const p = g.parameter('p', 'v')
    const shared = g.op('h', [['x', p]], 's')
    const one = g.op('a', [['x', shared]], 1)
    const two = g.op('b', [['x', shared]], 2)
    const first = { ...on(one), words: 'first' }
    const second = { ...on(two), words: 'second' }
    expect(backward(g.build(), [first, second]).reached[0]?.feedback).toEqual([first, second])
  })

  it('takes the same node passed twice as one node with two edges', () => {
    const g = new GraphBuilder()
    const p = g.parameter('p', 'v')
    const out = g.op(
      'pair',
      [
        ['left', p],
        ['right', p],
      ],
      'vv',
    )
    const { subgraph } = backward(g.build(), [on(out)])
    expect(ids(subgraph.path)).toEqual([p, out])
    expect(subgraph.edges.map(({ role }) => role)).toEqual(['left', 'right'])
  })
})

describe('backward explains what it did not reach', () => {
  function parts() {
    const g = new GraphBuilder()
    const used = g.parameter('used', 'a')
    g.parameter('idle', 'b')
    const aside = g.parameter('aside', 'c')
    const frozen = g.parameter('frozen', 'd', { trainable: false })
    const linked = g.parameter('linked', 'e')
    g.op('log', [['x', aside]], 'logged')
    const out = g.op(
      'answer',
      [
        ['x', used],
        ['y', frozen],
        ['z', linked, 'contains'],
      ],
      'out',
    )
    return { graph: g.build(out), out }
  }

  it('names the reason for each parameter', () => {
    const { graph } = parts()
    const names = ['used', 'idle', 'aside', 'frozen', 'linked']
    const { unreached } = backward(graph, [wholeRun], { parameters: names, edges: ['exact'] })
    expect(unreached.map(({ parameter, reason }) => [parameter.name, reason]).sort()).toEqual([
      ['aside', 'no-path'],
      ['frozen', 'not-trainable'],
      ['idle', 'unused'],
      ['linked', 'edge-kind'],
    ])
    expect(unreached.find(({ reason }) => reason === 'no-path')?.detail).toContain('log')
  })

  it('reports every parameter where there is no feedback, and feedback that lies elsewhere', () => {
    const { graph } = parts()
    const elsewhere = { traceId: 'b'.repeat(32), spanId: '1'.repeat(16) }
    const result = backward(graph, [elsewhere])
    expect(result.outside).toEqual([elsewhere])
    expect(new Set(result.unreached.map(({ reason }) => reason))).toEqual(new Set(['no-feedback']))
  })
})

import { expect, it } from 'vitest'
import { GraphBuilder, spanOf } from '../testing/graphs.ts'
import { backward } from './backward.ts'

/** How often nodes and edges of a graph are read in a pass over one call that joins some others. */
function reads(joined: number, feedback: 'on the last' | 'on each'): number {
  const builder = new GraphBuilder()
  const calls = Array.from({ length: joined }, (_, at) =>
    builder.op('make', [['by', builder.parameter(`p${at}`, at)]], at),
  )
  const last = builder.op(
    'join',
    calls.map((call, at) => [`part_${at}`, call] as const),
    'joined',
  )
  let count = 0
  const counted = <T extends object>(list: T) =>
    new Proxy(list, {
      get(target, key) {
        if (typeof key === 'string' && /^\d/.test(key)) count++
        return Reflect.get(target, key)
      },
    })
  const graph = builder.build(last)
  const given = (feedback === 'on each' ? [...calls, last] : [last]).map(spanOf)
  const { reached } = backward(
    { ...graph, nodes: counted(graph.nodes), edges: counted(graph.edges) },
    given,
  )
  expect(reached.map(({ feedback }) => feedback.length)).toEqual(
    calls.map(() => (feedback === 'on each' ? 2 : 1)),
  )
  return count
}

it.each(['on the last', 'on each'] as const)(
  'looks at twice as many nodes and edges for twice as many parameters, with feedback %s',
  (feedback) => {
    expect(reads(400, feedback)).toBeLessThan(2.1 * reads(200, feedback))
  },
)

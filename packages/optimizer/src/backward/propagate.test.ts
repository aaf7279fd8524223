import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { feedbackOn } from '../testing/feedback.ts'
import { arbitraryGraph, GraphBuilder, spanOf } from '../testing/graphs.ts'
import { backward } from './backward.ts'
import { propagate } from './propagate.ts'
import { scorePropagator, sumOf } from './scores.ts'

describe('propagation of scores', () => {
  it('brings each score once to every parameter that backward reaches', () => {
    fc.assert(
      fc.property(
        arbitraryGraph(25),
        fc.array(
          fc.tuple(fc.nat(1000), fc.integer({ min: 0, max: 9 }), fc.constantFrom('a', 'b')),
          { maxLength: 4 },
        ),
        (graph, draws) => {
          const ops = graph.nodes.filter((node) => 'op' in node)
          const feedback = draws.map(([draw, score, name]) =>
            feedbackOn(graph, { ...spanOf(ops[draw % ops.length]?.id ?? ''), score, name }),
          )
          const scores = propagate(graph, feedback, scorePropagator())
          for (const { parameter, feedback: arrived } of backward(graph, feedback).reached) {
            for (const name of ['a', 'b']) {
              const own = arrived.filter((one) => one.name === name)
              expect(sumOf(scores, parameter.id, name)).toEqual({
                sum: own.reduce((sum, { score }) => sum + (score ?? 0), 0),
                count: own.length,
              })
            }
          }
        },
      ),
    )
  })

  it('can be changed for single operators, whatever they are called', () => {
    const g = new GraphBuilder()
    const kept = g.parameter('kept', 1)
    const cut = g.parameter('cut', 2)
    const a = g.op('constructor', [['x', kept]], 'a')
    const b = g.op('random', [['x', cut]], 'b')
    g.op(
      'join',
      [
        ['a', a],
        ['b', b],
      ],
      'c',
    )
    const graph = g.build()
    const messages = propagate(graph, [feedbackOn(graph)], {
      start: () => 1,
      join: (all: readonly number[]) => all.reduce((sum, each) => sum + each, 0),
      operators: { random: () => undefined, join: (message) => message / 2 },
    })
    expect(messages.get(kept)).toBe(0.5)
    expect(messages.has(cut)).toBe(false)
  })
})

import { tokenizerFor } from '@trace2/evaluation/prompt'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { backward } from '../backward/index.ts'
import { makeBatch } from '../batch/index.ts'
import { feedbackOn } from '../testing/feedback.ts'
import { GraphBuilder } from '../testing/graphs.ts'
import { fittingVariables } from './fitting.ts'
import { defaultObjective } from './problem.ts'
import { renderProblem } from './render.ts'

const tokenizer = await tokenizerFor('gpt-4o-mini')

it('chooses variables that a prompt has room for beside some feedback, the first before all others', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(sizes, fc.integer({ min: 2500, max: 9000 }), (words, maxTokens) => {
      const g = new GraphBuilder()
      const inputs = words.map((count, at): [string, string] => [
        `in${at}`,
        g.parameter(`p${at}`, `${at} ${'word '.repeat(count)}`),
      ])
      g.op('reply', inputs, 'Short.')
      const graph = g.build()
      const pass = backward(graph, [feedbackOn(graph)])
      const ordered = pass.reached
        .map(({ parameter }) => parameter)
        .sort((a, b) => Number(a.name.slice(1)) - Number(b.name.slice(1)))
      const goal = { objective: defaultObjective }
      const taken = fittingVariables(ordered, goal, { maxTokens, tokenizer })
      expect(taken[0]).toBe(ordered[0])
      expect(taken).toEqual(ordered.filter((variable) => taken.includes(variable)))
      const names = taken.map(({ name }) => name)
      const narrow = backward(graph, [feedbackOn(graph)], { parameters: names })
      const versions = new Map(taken.map(({ name, version }) => [name, version]))
      const batch = makeBatch([narrow], versions)
      const problem = { variables: taken, batch, ...goal }
      const { seen } = renderProblem(problem, { maxTokens, tokenizer })
      expect(seen.feedback).toHaveLength(1)
      // More room never asks about fewer, and enough of it about all.
      const roomier = fittingVariables(ordered, goal, { maxTokens: 60_000, tokenizer })
      expect(roomier).toEqual(ordered)
    }),
    { numRuns: 60 },
  )
})

it('asks about one that takes more than its share where it is the first, and passes over what has no room at all', () => {
  const variable = (name: string, words: number) => {
    const value = 'word '.repeat(words)
    return { name, version: name, value, valueKind: 'text', description: '', schema: null } as const
  }
  const names = (of: readonly { name: string }[]) => of.map(({ name }) => name)
  const budget = { maxTokens: 3000, tokenizer }
  const goal = { objective: defaultObjective }
  const [small, large, huge] = [
    variable('small', 10),
    variable('large', 1900),
    variable('huge', 9000),
  ]
  expect(names(fittingVariables([large, small], goal, budget))).toEqual(['large'])
  expect(names(fittingVariables([small, large], goal, budget))).toEqual(['small'])
  expect(names(fittingVariables([huge, small], goal, budget))).toEqual(['small'])
  expect(names(fittingVariables([huge], goal, budget))).toEqual(['huge'])
})

it('tells several versions of one parameter in one call apart', () => {
  const g = new GraphBuilder()
  const [first, second] = [g.parameter('p', 'first value'), g.parameter('p', 'second value')]
  g.op(
    'join',
    [
      ['a', first],
      ['b', second],
    ],
    'both',
  )
  const graph = g.build()
  const pass = backward(graph, [feedbackOn(graph)])
  const variables = pass.reached
    .map(({ parameter }) => parameter)
    .filter(({ value }) => value === 'second value')
  const batch = makeBatch([pass], new Map(variables.map(({ name, version }) => [name, version])))
  const problem = { variables, batch, objective: defaultObjective }
  const { user } = renderProblem(problem, { maxTokens: 8000, tokenizer })
  const [, a, b] = /join\(a=(\S+), b=(\S+)\)/.exec(user) ?? []
  expect([a, b].sort()).toEqual(['p#1', 'p#2'])
  const [, earlier] = /<earlier run="1" name="([^"]+)"[^>]*>\nfirst value\n/.exec(user) ?? []
  expect(earlier).toBe(a)
})

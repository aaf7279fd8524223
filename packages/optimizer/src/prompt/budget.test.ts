import { type Tokenizer, tokenizerFor } from '@trace2/evaluation/prompt'
import type { RunGraph } from '@trace2/store'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { backward } from '../backward/index.ts'
import { makeBatch } from '../batch/index.ts'
import { feedbackOn } from '../testing/feedback.ts'
import { GraphBuilder } from '../testing/graphs.ts'
import type { Problem } from './problem.ts'
import { renderProblem } from './render.ts'

// `TRACE2_GRAPHS=10000 npx vitest run packages/optimizer/src/prompt/budget.test.ts` is the full length.
const asked = Number(process.env.TRACE2_GRAPHS ?? 0)
const count = asked || 120
const maxOps = asked ? 1000 : 200

let tokenizer: Tokenizer
beforeAll(async () => {
  tokenizer = await tokenizerFor('gpt-4o-mini')
})

const vocabulary =
  'refund window order customer agent policy answer ticket closes label number account service plan week note draft search result reply invoice update check detail point state value list item page'.split(
    ' ',
  )
const decisive = 'Clause nine: the refund window closes fourteen days after delivery.'
const comment = 'The reply is wrong: it ignores clause nine, fourteen days, although it was found.'

interface Plan {
  readonly ops: number
  readonly seed: number
  readonly sentences: number
  readonly planted: number
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A graph whose operators all lead to the output, with long noisy values and one sentence that decides. */
function graphOf({ ops, seed, sentences, planted }: Plan): RunGraph {
  const next = random(seed)
  const word = () => vocabulary[Math.floor(next() * vocabulary.length)] ?? ''
  const noise = () =>
    Array.from(
      { length: Math.floor(next() * sentences) },
      () => `${Array.from({ length: 6 + Math.floor(next() * 10) }, word).join(' ')}.`,
    )
  const g = new GraphBuilder()
  const ids = [g.parameter('prompt', 'Answer the ticket politely.'), g.input('A ticket.')]
  for (let at = 0; at < ops; at++) {
    const text = noise()
    if (at === planted % ops) text.splice(Math.floor(next() * (text.length + 1)), 0, decisive)
    const far = ids[Math.floor(next() * ids.length)] ?? ''
    const inputs: [string, string][] = [
      ['last', ids.at(-1) ?? ''],
      ['far', far],
    ]
    if (at === 0) inputs.push(['prompt', ids[0] ?? ''])
    ids.push(g.op(`step${at % 9}`, inputs, text.join(' ')))
  }
  g.op('reply', [['last', ids.at(-1) ?? '']], 'You have thirty days.')
  return g.build()
}

const plans = fc.record({
  ops: fc.integer({ min: 1, max: maxOps }),
  seed: fc.integer(),
  sentences: fc.integer({ min: 1, max: 30 }),
  planted: fc.nat(),
})

function problemOf(graph: RunGraph): Problem {
  const pass = backward(graph, [feedbackOn(graph, { comment })])
  const variables = pass.reached.map(({ parameter }) => parameter)
  const versions = new Map(variables.map(({ name, version }) => [name, version]))
  return { variables, batch: makeBatch([pass], versions), objective: 'Do better.' }
}

/** Budgets in tokens, and the share of prompts in which the sentence that decides must survive. */
const shares = new Map([
  [2000, 0.95],
  [8000, 0.99],
  [32_000, 1],
])

describe('a prompt under a budget', () => {
  it('keeps to it, keeps the sentence that decides, and keeps all that a smaller one kept', () => {
    const kept = new Map([...shares.keys()].map((budget) => [budget, 0]))
    fc.assert(
      fc.property(
        plans,
        fc.integer({ min: 900, max: 20_000 }),
        fc.integer({ min: 1, max: 20_000 }),
        (plan, small, more) => {
          const problem = problemOf(graphOf(plan))
          let before: ReadonlyMap<string, string> = new Map()
          for (const maxTokens of [...shares.keys(), small, small + more].sort((a, b) => a - b)) {
            const { user, system, tokens } = renderProblem(problem, { maxTokens, tokenizer })
            expect(tokens).toBeLessThanOrEqual(maxTokens)
            expect(tokenizer.count(user) + tokenizer.count(system)).toBeLessThanOrEqual(tokens)
            const survived = kept.get(maxTokens)
            if (survived !== undefined && user.includes(decisive)) kept.set(maxTokens, survived + 1)
            const after = contents(user)
            const lost = [...before].filter(([place, text]) => !holds(after.get(place) ?? '', text))
            expect(lost).toEqual([])
            before = after
          }
        },
      ),
      { numRuns: count },
    )
    const rates = [...kept].map(([budget, times]) => ({ budget, share: times / count }))
    if (asked) console.log(`Of ${count} prompts the sentence that decides survived:`, rates)
    for (const { budget, share } of rates) {
      expect(share).toBeGreaterThanOrEqual(shares.get(budget) ?? 1)
    }
  }, 7_200_000)

  it('shows a long value that repeats within a run once', () => {
    const g = new GraphBuilder()
    const text = 'A long text that one operator makes and the next returns as it is. '.repeat(3)
    const made = g.op('make', [['prompt', g.parameter('prompt', 'x')]], text)
    g.op('reply', [['draft', g.op('check', [['draft', made]], text)]], text)
    const { user } = renderProblem(problemOf(g.build()), { maxTokens: 8000, tokenizer })
    expect(user.split(text.trim())).toHaveLength(2)
    expect(user).toContain('[the same as reply1]')
  })
})

/** What stands in a prompt by its tag and attributes, or by line where it is code. */
function contents(user: string): ReadonlyMap<string, string> {
  const elements = user.matchAll(/<(\w+[^>]*) fence="(k\w+)">\n([\s\S]*?)\n<\/\w+ fence="\2">/g)
  const code = user.slice(user.indexOf('# Code\n'), user.indexOf('# Documentation\n')).split('\n')
  return new Map([
    ...Array.from(elements, ([, tag = '', , content = '']) => [tag, content] as const),
    ...code.map((line) => [line, line] as const),
  ])
}

/** Whether a text shows all segments of a shortened one. */
function holds(text: string, shortened: string): boolean {
  return shortened.split('[…]').every((segment) => text.includes(segment.trim()))
}

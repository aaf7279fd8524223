import { type ChatRequest, createLlm } from '@trace2/evaluation/llm'
import { CHAT_MODEL } from '@trace2/simulated-model'
import { openStore } from '@trace2/store'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ChatBody, chatServer } from '../../../evaluation/src/testing/chat-server.ts'
import { backward } from '../backward/index.ts'
import { makeBatch } from '../batch/index.ts'
import { tokenizerFor } from '../prompt/index.ts'
import { optimize } from '../step/index.ts'
import { testAgent } from '../testing/agent.ts'
import { feedbackOn } from '../testing/feedback.ts'
import { GraphBuilder } from '../testing/graphs.ts'
import { type Triage, triage } from '../testing/triage.ts'
import { candidates, merge, opro, optoPrime, type Strategy, textGrad } from './index.ts'

describe('every optimizer improves a task against the simulated model', () => {
  let agent: Triage
  beforeEach(async () => {
    agent = await triage()
  })
  afterEach(() => agent.close())

  const strategies: readonly (readonly [string, Strategy])[] = [
    ['OptoPrime', optoPrime()],
    ['OptoPrime with answers in elements', optoPrime({ answer: 'elements' })],
    ['OPRO', opro()],
    ['TextGrad', textGrad({ runs: 6 })],
    ['candidates by temperature', candidates(optoPrime(), { count: 2 })],
    ['candidates that refine', candidates(optoPrime(), { variation: { kind: 'refine' } })],
    [
      'candidates of several models',
      candidates(opro(), { variation: { kind: 'models', models: [CHAT_MODEL] } }),
    ],
    [
      'candidates of several experts',
      candidates(optoPrime(), { variation: { kind: 'experts', experts: ['editor', 'clerk'] } }),
    ],
    ['a merge of parts', merge(optoPrime(), { runsPerPart: 3 })],
    ['a merge of candidates', merge(candidates(optoPrime(), { count: 2 }), { runsPerPart: 3 })],
  ]
  it.each(strategies)('%s', async (_name, strategy) => {
    const before = await agent.score()
    const { client, model } = agent
    const { proposals } = await optimize(agent.store, { strategy, client, model })
    expect(proposals).toHaveLength(1)
    for (const { value } of proposals) agent.system.update(String(value))
    const after = await agent.score()
    expect(before).toBeLessThan(1)
    expect(after).toBeGreaterThan(before)
  })
})

/** Failed runs of the small agent, and an optimizer that is answered by `reply`. */
async function asked(
  strategy: Strategy,
  reply: (body: ChatBody, call: number, greeting: string) => string,
  tickets: readonly string[] = ['One', 'Two'],
) {
  const agent = await testAgent()
  for (const [at, ticket] of tickets.entries()) {
    agent.answer(ticket, { score: 0, comment: at === 0 ? 'Be warmer.' : 'Use my name.' })
  }
  await agent.flush()
  await using server = await chatServer((body, call) => reply(body, call, agent.greeting))
  const result = await optimize(agent.store, {
    strategy,
    client: server.client,
    model: 'simulated-small',
    parameters: [agent.greeting],
  })
  await agent.store.close()
  return { result, bodies: server.bodies, agent }
}

const userText = (body: ChatBody | undefined) => body?.messages.at(-1)?.content ?? ''
const suggestion = (greeting: string, value: string) =>
  JSON.stringify({ reasoning: 'r', suggestion: { [greeting]: value } })

describe('OptoPrime', () => {
  it('reads an answer in elements, whatever its values contain', async () => {
    const value = 'Say </variable>\n<variable name="x">TERMINATE "quoted"'
    const { result } = await asked(optoPrime({ answer: 'elements' }), (body, _call, greeting) => {
      const fence = /fence="(k\w{5})"/.exec(userText(body))?.[1]
      return `<reasoning fence="${fence}">\nwhy\n</reasoning fence="${fence}">\n<variable name="${greeting}" fence="${fence}">\n${value}\n</variable fence="${fence}">`
    })
    expect(result.proposals[0]).toMatchObject({ value, reasoning: 'why' })
  })

  it('leaves masked sections out', async () => {
    const { bodies } = await asked(
      optoPrime({ masked: ['Code', 'Others'] }),
      (_body, _call, greeting) => suggestion(greeting, 'Dear friend'),
    )
    expect(userText(bodies[0])).not.toContain('# Code')
    expect(userText(bodies[0])).toContain('# Feedback')
  })
})

describe('several candidates', () => {
  it('differ in temperature, and the best by trial wins', async () => {
    const tried: unknown[] = []
    const strategy = candidates(optoPrime(), {
      count: 3,
      variation: { kind: 'temperature', low: 0, high: 1 },
      evaluate: async (values) => {
        tried.push(...values.values())
        return [...values.values()].join('').length
      },
    })
    const { result, bodies } = await asked(strategy, (body, _call, greeting) =>
      suggestion(greeting, `Dear ${'!'.repeat((body.temperature ?? 0) * 10)} ${body.temperature}`),
    )
    expect(bodies.map(({ temperature }) => temperature).sort()).toEqual([0, 0.5, 1])
    expect(tried).toHaveLength(4)
    expect(tried[0]).toBe('Hello')
    expect(result.proposals).toMatchObject([
      { value: expect.stringMatching(/!{10} 1$/), llmCalls: { length: 3 } },
    ])
  })

  it.each([
    ['worse', { Hello: 0.9 }, undefined],
    ['as good', { Hello: 0.5 }, undefined],
    ['better', { Hello: 0.1 }, 'Dear friend'],
    ['tried where the present one gave no number', { Hello: Number.NaN }, 'Dear friend'],
    ['no number', { Hello: 0.1, 'Dear friend': Number.NaN }, undefined],
  ])(
    'are proposed only where they are better than what is in force: a single one that is %s',
    async (_case, scores, value) => {
      const scoreOf = new Map(Object.entries(scores))
      const strategy = candidates(optoPrime(), {
        evaluate: (values) => scoreOf.get([...values.values()].join()) ?? 0.5,
      })
      const { result } = await asked(strategy, (_body, _call, greeting) =>
        suggestion(greeting, 'Dear friend'),
      )
      expect(result.proposals.map((proposal) => proposal.value)).toEqual(value ? [value] : [])
      if (!value) expect(result.reasoning).toContain('The present values stay')
    },
  )

  it('are tried with a value for every variable, changed or not', async () => {
    const tried: (readonly string[])[] = []
    const agent = await testAgent()
    agent.answer('One', { score: 0, comment: 'Be warmer.' })
    await agent.flush()
    await using server = await chatServer(() => suggestion(agent.greeting, 'Dear friend'))
    const strategy = candidates(optoPrime(), {
      count: 1,
      evaluate: (values) => tried.push([...values.keys()].sort()),
    })
    await optimize(agent.store, { strategy, client: server.client, model: 'simulated-small' })
    const names = [agent.greeting, agent.threshold].sort()
    expect(tried).toEqual([names, names])
    await agent.store.close()
  })

  it('that are nearly equal are one, and need no judge', async () => {
    const { bodies, result } = await asked(candidates(optoPrime()), (_body, call, greeting) =>
      suggestion(greeting, call === 1 ? 'Dear friend' : 'Dear Friend!'),
    )
    expect(bodies).toHaveLength(3)
    expect(result.proposals).toHaveLength(1)
  })

  it('do without one whose answers were never valid', async () => {
    const experts = ['poet', 'clerk']
    const strategy = candidates(optoPrime(), { variation: { kind: 'experts', experts }, count: 2 })
    const { result } = await asked(strategy, ({ messages }, _call, greeting) =>
      messages[0]?.content.includes('poet')
        ? 'Roses are red.'
        : suggestion(greeting, 'Dear friend'),
    )
    expect(result.proposals).toMatchObject([{ value: 'Dear friend' }])
  })

  it('go on refining where one answer was never valid', async () => {
    const strategy = candidates(optoPrime({ reasks: 0 }), { variation: { kind: 'refine' } })
    const { bodies, result } = await asked(strategy, (_body, call, greeting) =>
      call === 3 ? suggestion(greeting, 'Third draft') : 'No.',
    )
    expect(bodies).toHaveLength(3)
    expect(result.proposals).toMatchObject([{ value: 'Third draft' }])
  })

  it.each(['1', '"1"'])('refine one another, and a judge chooses %s', async (choice) => {
    const strategy = candidates(optoPrime(), { count: 2, variation: { kind: 'refine' } })
    const { bodies, result } = await asked(strategy, (_body, call, greeting) =>
      call < 3
        ? suggestion(greeting, call === 1 ? 'First draft' : 'Second, quite another')
        : `{"reasons":"","choice":${choice}}`,
    )
    expect(userText(bodies[1])).toContain('First draft')
    expect(userText(bodies[2])).toContain('Candidate 2.')
    expect(result.proposals).toMatchObject([{ value: 'First draft', llmCalls: { length: 3 } }])
  })
})

describe('TextGrad', () => {
  it('asks once per edge, then for the variable, whatever order the answers come in', async () => {
    const { bodies, result } = await asked(textGrad(), (body, _call, greeting) =>
      userText(body).startsWith('An operator called')
        ? '{"criticism":"It should be warmer."}'
        : suggestion(greeting, 'Dear friend'),
    )
    // Per run one edge, greeting to reply: that the agent returned the reply costs nothing.
    expect(bodies).toHaveLength(3)
    const update = userText(bodies.at(-1))
    expect(update).toContain('It should be warmer.')
    expect(update).toContain('Use my name.')
    expect(result.proposals).toMatchObject([{ optimizer: 'textgrad', llmCalls: { length: 3 } }])
  })

  it('does without a run that was never criticized validly', async () => {
    const { result } = await asked(textGrad(), (body, _call, greeting) => {
      const isOfEdge = body.messages[0]?.content.startsWith('An operator called') === true
      if (!isOfEdge) return suggestion(greeting, 'Dear friend')
      return body.messages[0]?.content.includes('Use my name.') === true
        ? '{"criticism":""}'
        : '{"criticism":"It should be warmer."}'
    })
    expect(result.proposals).toMatchObject([{ value: 'Dear friend', llmCalls: { length: 2 } }])
  })

  it.each(['criticism', 'update'])('fails where no %s was valid', async (what) => {
    const step = asked(textGrad({ reasks: 0 }), (body) => {
      const isOfEdge = body.messages[0]?.content.startsWith('An operator called') === true
      return isOfEdge && what === 'update' ? '{"criticism":"It should be warmer."}' : 'No.'
    })
    await expect(step).rejects.toMatchObject({ code: 'T2_MODEL_ANSWER' })
  })
})

describe("TextGrad's questions", () => {
  it('keep to the budget, however many long inputs an operator has', async () => {
    const g = new GraphBuilder()
    const inputs = Array.from({ length: 40 }, (_, at) =>
      g.input(`Page ${at}: ${'much '.repeat(400)}`),
    )
    const prompt = ['prompt', g.parameter('prompt', 'Sum it up.')] as const
    g.op('sum', [prompt, ...inputs.map((id, at) => [`page${at}`, id] as const)], 'A summary.')
    const graph = g.build()
    const pass = backward(graph, [feedbackOn(graph, { comment: 'Page 7 is missing.' })])
    const variables = pass.reached.map(({ parameter }) => parameter)
    const problem = { variables, batch: makeBatch([pass], new Map()), objective: 'Better.' }
    const tokenizer = await tokenizerFor(CHAT_MODEL)
    const asked: ChatRequest[] = []
    const store = await openStore(':memory:')
    const llm = createLlm({
      store,
      transport: async (request) => {
        asked.push(request)
        const text = '{"criticism":"Shorter.","reasoning":"","suggestion":{}}'
        return { text, finishReason: 'stop', inputTokens: 1, outputTokens: 1 }
      },
    })
    const models = { strong: CHAT_MODEL, cheap: CHAT_MODEL, judge: CHAT_MODEL }
    await textGrad().propose(problem, { llm, models, tokenizer, maxTokens: 3000 })
    await store.close()
    expect(asked).toHaveLength(2)
    for (const { messages } of asked) {
      const tokens = messages.reduce((sum, { content }) => sum + tokenizer.count(content), 0)
      expect(tokens).toBeLessThanOrEqual(3000)
    }
    expect(asked[0]?.messages[0]?.content).toContain('Sum it up.')
    expect(asked[0]?.messages[0]?.content).toContain('Page 7')
  })
})

describe('a merge of many parts', () => {
  it('merges a few at a time, and what came of that once more', async () => {
    const { bodies, result } = await asked(
      merge(optoPrime(), { runsPerPart: 1 }),
      (_body, call, greeting) =>
        suggestion(greeting, `Dear reader, version ${call} of ${'x'.repeat(call)}`),
      Array.from({ length: 10 }, (_, at) => `Ticket ${at}`),
    )
    const merged = bodies.filter((body) => userText(body).includes('Several people'))
    expect(bodies).toHaveLength(10 + 2 + 1)
    expect(merged).toHaveLength(3)
    expect(userText(merged[2]).match(/<attempt /g)).toHaveLength(2)
    expect(result.proposals).toMatchObject([{ llmCalls: { length: 13 } }])
  })
})

describe('a merge of parts', () => {
  it('asks about each part, and once more where they disagree', async () => {
    const { bodies, result } = await asked(
      merge(optoPrime(), { runsPerPart: 1 }),
      (body, call, greeting) =>
        userText(body).includes('Several people')
          ? suggestion(greeting, 'Dear NAME, welcome')
          : suggestion(greeting, call === 1 ? 'Welcome' : 'Hi NAME'),
    )
    expect(bodies).toHaveLength(3)
    expect(userText(bodies[2])).toMatch(/Welcome[\s\S]*Hi NAME|Hi NAME[\s\S]*Welcome/)
    expect(result.proposals).toMatchObject([{ value: 'Dear NAME, welcome' }])
  })
})

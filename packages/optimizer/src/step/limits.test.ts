import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ChatReply, chatServer } from '../../../evaluation/src/testing/chat-server.ts'
import { candidates, merge, optoPrime, type Strategy, textGrad } from '../optimizers/index.ts'
import { type TestAgent, testAgent } from '../testing/agent.ts'
import { optimize } from './optimize.ts'

let agent: TestAgent
beforeEach(async () => {
  agent = await testAgent()
  for (let at = 0; at < 6; at++) {
    agent.answer(`Ticket ${at}`, { score: 0, comment: `Be warmer, for reason ${at}.` })
  }
  await agent.flush()
})
afterEach(() => agent.store.close())

const strategies: readonly (readonly [string, () => Strategy])[] = [
  ['TextGrad', () => textGrad({ runs: 6 })],
  ['candidates', () => candidates(optoPrime(), { count: 6 })],
  ['a merge', () => merge(optoPrime(), { runsPerPart: 1 })],
]

/** Answers whatever a step asks; each answer differs, so that candidates are judged and parts are merged. */
function answer(text: string, call: number): string {
  if (text.includes('Answer with a JSON object: "criticism"')) return '{"criticism":"Warmer."}'
  if (text.includes('"choice"')) return '{"reasons":"r","choice":1}'
  const suggestion = { [agent.greeting]: `Dear friend ${'!'.repeat(call * 20)} ${call}` }
  return JSON.stringify({ reasoning: 'r', suggestion })
}

type Limits = Pick<
  Parameters<typeof optimize>[1] & object,
  'maxCalls' | 'maxTotalTokens' | 'maxCostUsd'
>

async function step(
  strategy: Strategy,
  limits: Limits,
  reply: (text: string, call: number) => ChatReply | Promise<ChatReply> = answer,
) {
  await using server = await chatServer(({ messages }, call) =>
    reply(messages.map(({ content }) => content).join('\n'), call),
  )
  const options = { strategy, client: server.client, model: 'gpt-4o-mini', ...limits }
  const result = await optimize(agent.store, { ...options, parameters: [agent.greeting] }).catch(
    (error: unknown) => error,
  )
  const { rows } = await agent.store.sql(
    'SELECT status, count(*)::INTEGER FROM v_llm_call GROUP BY ALL ORDER BY ALL',
  )
  return { result, bodies: server.bodies, statuses: Object.fromEntries(rows) }
}

describe.each(strategies)('%s', (_name, strategy) => {
  it('is not stopped by a limit that has room for what its calls use', async () => {
    // A call may use 8,192 tokens for its answer: not four of them fit at the same time.
    for (const limits of [{ maxTotalTokens: 24_000 }, { maxCostUsd: 0.014 }]) {
      const { result } = await step(strategy(), limits)
      expect(result).toMatchObject({ proposals: [{ parameter: agent.greeting }] })
    }
  })

  it('asks for nothing twice where a limit stops it, and counts every call', async () => {
    const first = await step(strategy(), { maxCalls: 5 })
    expect(first.result).toMatchObject({
      code: 'T2_BUDGET_SPENT',
      message: expect.stringMatching(/So far: 5 model calls, 500 tokens in, 100 out/),
    })
    expect(first.statuses).toEqual({ done: 5 })
    const second = await step(strategy(), {})
    expect(second.result).toMatchObject({ proposals: [{ parameter: agent.greeting }] })
    expect(second.statuses.done).toBe(5 + second.bodies.length)
  })

  it('waits for the calls under way where one fails, keeps their answers, and begins no other', async () => {
    let failed = () => {}
    const failure = new Promise<void>((resolve) => {
      failed = resolve
    })
    const { result, bodies, statuses } = await step(strategy(), {}, async (text, call) => {
      if (call === 4) {
        failed()
        return { status: 401, message: 'no key' }
      }
      await failure
      // The failure is read before the others are answered.
      await new Promise((resolve) => setTimeout(resolve, 50))
      return answer(text, call)
    })
    expect(result).toMatchObject({ code: 'T2_MODEL_KEY' })
    expect(bodies).toHaveLength(4)
    expect(statuses).toEqual({ done: 3, failed: 1 })
  })
})

it('a run whose criticism is never valid leaves no call unrecorded', async () => {
  const { result, statuses, bodies } = await step(textGrad({ runs: 1 }), {}, async (text, call) => {
    if (call === 1) return { text: '', finishReason: 'content_filter' }
    await new Promise((resolve) => setTimeout(resolve, 50))
    return answer(text, call)
  })
  expect(result).toMatchObject({ code: 'T2_MODEL_FILTERED' })
  expect(statuses.started).toBeUndefined()
  expect((statuses.done ?? 0) + (statuses.failed ?? 0)).toBe(bodies.length)
})

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { completion } from '../testing/chat-server.ts'
import { jsonRequest, withModel } from '../testing/llm.ts'
import { createLlm } from './llm.ts'
import { Spending } from './spending.ts'

const price = (perToken: number) => (inputTokens: number) => (outputTokens: number) =>
  (inputTokens + outputTokens) * perToken

function call(inputTokens: number, outputTokens: number, perToken = 1e-6) {
  const cost = price(perToken)(inputTokens)
  return { model: 'm', inputTokens, outputTokens, leastOutput: Math.min(512, outputTokens), cost }
}

describe('a limit', () => {
  it('is spent by shorter answers, where nothing else is under way', async () => {
    const spending = new Spending({ maxTokens: 3000 })
    const first = await spending.reserve(call(1000, 8192))
    expect(first.outputTokens).toBe(2000)
    const second = spending.reserve(call(1000, 8192))
    first.settle({ inputTokens: 1000, outputTokens: 200, costUsd: 0 })
    expect((await second).outputTokens).toBe(800)
  })

  it('on money is spent as well', async () => {
    const spending = new Spending({ maxCostUsd: 0.003 })
    expect((await spending.reserve(call(1000, 8192))).outputTokens).toBe(2000)
  })

  it('that is reached says what was done so far', async () => {
    const spending = new Spending({ maxCalls: 2, maxTokens: 9000 })
    await expect(spending.reserve(call(9000, 512))).rejects.toThrow('No call has been made.')
    for (const tokens of [1200, 1300]) {
      const held = await spending.reserve(call(tokens, 600))
      held.settle({ inputTokens: tokens, outputTokens: 100, costUsd: tokens / 1e4 })
    }
    await expect(spending.reserve(call(1, 1))).rejects.toThrow(
      'The limit of 2 model calls is reached. So far: 2 model calls, 2,500 tokens in, 200 out, $0.2500; what was answered is kept.',
    )
  })

  it('has room again for a call that was not made, and counts each once', async () => {
    const spending = new Spending({ maxCalls: 1 })
    const first = await spending.reserve(call(10, 10))
    first.release()
    first.release()
    const second = await spending.reserve(call(10, 10))
    for (const outputTokens of [5, 7]) {
      second.settle({ inputTokens: 10, outputTokens, costUsd: 0 })
    }
    expect(spending.spent).toMatchObject({ calls: 1, inputTokens: 10, outputTokens: 5 })
  })

  it('holds no call back that is not wanted any more', async () => {
    const spending = new Spending({ maxTokens: 1000 })
    const first = await spending.reserve(call(100, 900))
    let isWanted = true
    const second = spending.reserve(call(100, 900), () => {
      if (!isWanted) throw new Error('It has ended.')
    })
    isWanted = false
    first.settle({ inputTokens: 100, outputTokens: 10, costUsd: 0 })
    await expect(second).rejects.toThrow('It has ended.')
  })

  it('is never passed, and refuses no call that fits beside what others did use', async () => {
    const calls = fc.array(
      fc.record({ input: fc.nat(3000), output: fc.nat(9000), used: fc.nat(100), at: fc.nat() }),
    )
    await fc.assert(
      fc.asyncProperty(calls, fc.integer({ min: 1, max: 30_000 }), async (wanted, limit) => {
        const spending = new Spending({ maxTokens: limit, maxCostUsd: limit * 1e-6 })
        const open: (() => void)[] = []
        const all = wanted.map(async ({ input, output, used }) => {
          const asked = call(input, output)
          const least = input + asked.leastOutput
          try {
            const held = await spending.reserve(asked)
            expect(held.outputTokens).toBeLessThanOrEqual(output)
            const outputTokens = Math.floor((held.outputTokens * used) / 100)
            const costUsd = (input + outputTokens) * 1e-6
            open.push(() => held.settle({ inputTokens: input, outputTokens, costUsd }))
          } catch (error) {
            expect(error).toMatchObject({ code: 'T2_BUDGET_SPENT' })
            const { inputTokens, outputTokens } = spending.spent
            // A token more or less is the rounding of what is paid.
            expect(inputTokens + outputTokens + least).toBeGreaterThan(limit - 2)
          }
        })
        const done = Promise.all(all).then(() => true)
        const turn = () => new Promise<false>((resolve) => setImmediate(() => resolve(false)))
        for (let at = 0; !(await Promise.race([done, turn()])); at++) {
          const next = wanted[at % wanted.length]?.at ?? 0
          for (const settle of open.splice(next % Math.max(1, open.length), 1)) settle()
        }
        for (const settle of open) settle()
        const { inputTokens, outputTokens, costUsd } = spending.spent
        expect(inputTokens + outputTokens).toBeLessThanOrEqual(limit)
        expect(costUsd).toBeLessThanOrEqual(limit * 1e-6 + 1e-12)
      }),
    )
  })
})

describe('limits of a model', () => {
  it.each([{ callsPerMinute: 2 }, { tokensPerMinute: 8400 }])(
    '%o keep a call waiting until it fits',
    async (limits) => {
      const stop = new AbortController()
      // Each call is known to have needed 120 tokens once it is answered; before, it may need 8,192 for the answer.
      await using model = await withModel('{}', { ...limits, signal: stop.signal })
      const call = (sample: number) => model.llm.call('test', { ...jsonRequest, sample })
      await call(0)
      await call(1)
      const waiting = call(2)
      await new Promise((resolve) => setTimeout(resolve, 50))
      expect(model.server.bodies).toHaveLength(2)
      stop.abort()
      await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
      expect(model.server.bodies).toHaveLength(2)
    },
  )

  it.each([
    [{ maxCalls: 1 }, 'T2_BUDGET_SPENT'],
    [{ maxTokens: 8500 }, 'T2_BUDGET_SPENT'],
    [{ maxCostUsd: 0.005 }, 'T2_BUDGET_SPENT'],
    [{ maxCostUsd: 1, prices: {} }, 'T2_PRICE_UNKNOWN'],
  ])('%o is checked before a call, also of calls in parallel', async (limits, code) => {
    const usage = { prompt_tokens: 20, completion_tokens: 8000 }
    const raw = completion({ content: '{}' }, { usage })
    await using model = await withModel({ raw }, limits)
    const calls = [0, 1, 2].map((sample) => model.llm.call('test', { ...jsonRequest, sample }))
    const rejected = (await Promise.allSettled(calls)).filter(({ status }) => status === 'rejected')
    expect(rejected.length).toBeGreaterThanOrEqual(2)
    for (const each of rejected) expect(each).toMatchObject({ reason: { code } })
    expect(model.server.bodies.length).toBe(3 - rejected.length)
  })

  it.each([{ maxTokens: 9000 }, { maxCostUsd: 0.006 }, { maxCalls: 6 }])(
    '%o refuse no call that fits once those under way have ended',
    async (limits) => {
      await using model = await withModel('{}', limits)
      const samples = [0, 1, 2, 3, 4, 5]
      await Promise.all(samples.map((sample) => model.llm.call('test', { ...jsonRequest, sample })))
      expect(model.llm.spent).toMatchObject({ calls: 6, inputTokens: 600, outputTokens: 120 })
    },
  )

  it('that refuse a call do so after those under way have ended, and count them', async () => {
    await using model = await withModel('{}', { maxCalls: 2 })
    const calls = [0, 1, 2].map((sample) => model.llm.call('test', { ...jsonRequest, sample }))
    const so = 'So far: 2 model calls, 200 tokens in, 40 out'
    await expect(Promise.all(calls)).rejects.toThrow(so)
    await model.llm.end?.()
    const { rows } = await model.store.sql(
      'SELECT status, count(*)::INTEGER FROM v_llm_call GROUP BY 1',
    )
    expect(rows).toEqual([['done', 2]])
  })

  it('leave room again for what a call did not use', async () => {
    await using model = await withModel('{}', { maxTokens: 9000 })
    await model.llm.call('test', { ...jsonRequest, sample: 0 })
    await model.llm.call('test', { ...jsonRequest, sample: 1 })
    expect(model.llm.spent).toMatchObject({ calls: 2, inputTokens: 200, outputTokens: 40 })
  })
})

it.each(['maxCalls', 'maxTokens', 'maxCostUsd'])('refuses %s that is no limit', (name) => {
  for (const limit of [Number.NaN, -1]) {
    expect(() => new Spending({ [name]: limit })).toThrow(
      expect.objectContaining({ code: 'T2_MODEL_SETTING' }),
    )
  }
})

it.each([0, -1, Number.NaN])('refuses %d calls at the same time', (concurrency) => {
  const store = { putLlmCall: async () => {}, findLlmCall: async () => undefined }
  const transport = () => Promise.reject(new Error('It is not asked.'))
  expect(() => createLlm({ transport, store, concurrency })).toThrow(
    expect.objectContaining({ code: 'T2_MODEL_SETTING' }),
  )
})

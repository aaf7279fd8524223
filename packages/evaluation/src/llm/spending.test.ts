import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLlm } from './llm.ts'
import { Spending } from './spending.ts'

const price = (perToken: number) => (inputTokens: number) => (outputTokens: number) =>
  (inputTokens + outputTokens) * perToken

function call(inputTokens: number, outputTokens: number, perToken = 1e-6) {
  const cost = price(perToken)(inputTokens)
  return { model: 'm', inputTokens, outputTokens, leastOutput: 512, cost }
}

describe('a limit', () => {
  it('is spent by shorter answers, where nothing else is under way', () => {
    const spending = new Spending({ maxTokens: 3000 })
    const first = spending.reserve(call(1000, 8192))
    expect(first.outputTokens).toBe(2000)
    expect(() => spending.reserve(call(100, 600))).toThrow(
      expect.objectContaining({ code: 'T2_BUDGET_SPENT' }),
    )
    first.settle({ inputTokens: 1000, outputTokens: 200, costUsd: 0 })
    expect(spending.reserve(call(1000, 8192)).outputTokens).toBe(800)
  })

  it('on money is spent as well', () => {
    const spending = new Spending({ maxCostUsd: 0.003 })
    expect(spending.reserve(call(1000, 8192)).outputTokens).toBe(2000)
  })

  it('that is reached says what was done so far', () => {
    const spending = new Spending({ maxCalls: 2, maxTokens: 9000 })
    expect(() => spending.reserve(call(9000, 512))).toThrow('No call has been made.')
    for (const tokens of [1200, 1300]) {
      spending
        .reserve(call(tokens, 600))
        .settle({ inputTokens: tokens, outputTokens: 100, costUsd: tokens / 1e4 })
    }
    expect(() => spending.reserve(call(1, 1))).toThrow(
      'The limit of 2 model calls is reached. So far: 2 model calls, 2,500 tokens in, 200 out, $0.2500; what was answered is kept.',
    )
  })

  it('is never passed, whatever calls are made, in whatever order they end', () => {
    const calls = fc.array(
      fc.record({
        input: fc.nat(3000),
        output: fc.nat(9000),
        used: fc.nat(100),
        last: fc.boolean(),
      }),
    )
    fc.assert(
      fc.property(calls, fc.integer({ min: 1, max: 30_000 }), (wanted, limit) => {
        const spending = new Spending({ maxTokens: limit, maxCostUsd: limit * 1e-6 })
        const open: (() => void)[] = []
        for (const { input, output, used, last } of wanted) {
          try {
            const held = spending.reserve(call(input, output))
            expect(held.outputTokens).toBeLessThanOrEqual(output)
            const outputTokens = Math.floor((held.outputTokens * used) / 100)
            const costUsd = (input + outputTokens) * 1e-6
            open.push(() => held.settle({ inputTokens: input, outputTokens, costUsd }))
          } catch (error) {
            expect(error).toMatchObject({ code: 'T2_BUDGET_SPENT' })
          }
          if (last) open.pop()?.()
        }
        for (const settle of open) settle()
        const { inputTokens, outputTokens, costUsd } = spending.spent
        expect(inputTokens + outputTokens).toBeLessThanOrEqual(limit)
        expect(costUsd).toBeLessThanOrEqual(limit * 1e-6 + 1e-12)
      }),
    )
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

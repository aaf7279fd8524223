import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { believableUsage } from './usage.ts'

const counted = { inputTokens: 120, outputTokens: 30, mostOutput: 1024 }

it.each([
  [0, 30],
  [-5, 30],
  [1e12, 30],
  ['1000', 30],
  [null, 30],
  [undefined, undefined],
  [Number.NaN, 30],
  [100.5, 30],
  [100, 0],
  [100, 1e12],
  [100, '30'],
])('a usage of %j in and %j out is estimated, and marked', (inputTokens, outputTokens) => {
  const usage = believableUsage({ inputTokens, outputTokens }, counted)
  expect(usage.estimated).toBe(true)
  expect(usage.inputTokens === 120 || usage.inputTokens === inputTokens).toBe(true)
  expect(usage.outputTokens === 30 || usage.outputTokens === outputTokens).toBe(true)
})

it.each([
  [1, 1, 1864, 30],
  [1, 1, 30, 30],
  [1000, 20, 16_000, 20],
  [500, 3, 500, 2000],
])('%d in and %d out is too few for %d and %d', (inputTokens, outputTokens, input, output) => {
  const own = { inputTokens: input, outputTokens: output, mostOutput: 8192 }
  const usage = believableUsage({ inputTokens, outputTokens }, own)
  expect(usage).toEqual({
    inputTokens: inputTokens * 4 < input ? input : inputTokens,
    outputTokens: outputTokens * 4 < output ? output : outputTokens,
    estimated: true,
  })
})

it('what can be true is believed, thoughts that nobody sees among it', () => {
  const reported = { inputTokens: 180, outputTokens: 1000 }
  expect(believableUsage(reported, counted)).toEqual({ ...reported, estimated: false })
})

it('whatever is reported, the tokens are whole, not negative, and of the size of the text', () => {
  fc.assert(
    fc.property(fc.anything(), fc.anything(), fc.nat(1e6), fc.nat(1e5), (a, b, input, output) => {
      const usage = believableUsage(
        { inputTokens: a, outputTokens: b },
        { inputTokens: input, outputTokens: output, mostOutput: output },
      )
      for (const tokens of [usage.inputTokens, usage.outputTokens]) {
        expect(Number.isSafeInteger(tokens) && tokens >= 0).toBe(true)
      }
      expect(usage.inputTokens).toBeLessThanOrEqual(input * 8 + 2000)
      expect(usage.outputTokens).toBeLessThanOrEqual(output * 8 + 2000)
    }),
  )
})

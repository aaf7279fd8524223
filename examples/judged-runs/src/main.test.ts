import '@trace2/simulated-model/without-key'
import { expect, test } from 'vitest'
import { improve } from './loop.ts'

test('what the judge says of stored runs makes the next ones better', {
  timeout: 60_000,
}, async () => {
  const { before, after, prompt } = await improve(() => {})
  expect(before).toBeLessThan(0.5)
  expect(after).toBe(1)
  expect(prompt).toMatch(/order number/i)
})

import { expect, test } from 'vitest'
import { compareOptimizers } from './compare.ts'
import { allStrategies } from './strategies.ts'

test('optimizers that ask in quite different ways all improve the agent on held-out tickets', {
  timeout: 120_000,
}, async () => {
  const chosen = Object.entries(allStrategies).filter(([name]) =>
    ['optoprime, answer in elements', 'opro', 'textgrad, 4 runs'].includes(name),
  )
  const { before, steps } = await compareOptimizers(Object.fromEntries(chosen), {})
  expect(steps).toHaveLength(3)
  for (const { heldOut } of steps) expect(heldOut.overall).toBeGreaterThan(before.overall + 0.1)
  // Found out by the one call that sees all runs; a few runs, read edge by edge, tell less.
  expect(steps[0]?.calls).toBe(1)
  expect(steps[2]?.calls).toBeGreaterThan(10)
})

import { expect, test } from 'vitest'
import { bake, taste, temperature } from './oven.ts'

test('words alone lead the number from a raw loaf to a good one', async () => {
  const start = temperature.value
  expect(taste(bake(start))).toMatch(/far too low/)
  await import('./main.ts')
  expect(temperature.value).not.toBe(start)
  expect(taste(bake(temperature.value))).toBeUndefined()
})

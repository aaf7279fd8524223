import { expect, test } from 'vitest'
import { greeting, people } from './greeting.ts'

test('exceptions alone repair the function, and what worked still works', async () => {
  const [whole, ...others] = people
  if (!whole) throw new Error('nobody to greet')
  expect(greeting(whole)).toBe('Dear Dr Hopper')
  for (const person of others) expect(() => greeting(person)).toThrow(TypeError)
  await import('./main.ts')
  expect(greeting(whole)).toBe('Dear Dr Hopper')
  for (const person of others) expect(greeting(person)).toMatch(/^Dear /)
  expect(greeting.parameters()[0]?.value).toMatch(/^function greeting\(person\)/)
})

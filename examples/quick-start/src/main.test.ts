import { expect, test, vi } from 'vitest'

test('the second call behaves differently from the first', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  await import('./main.ts')
  const [before, after] = log.mock.calls.map(([line]) => line)
  log.mockRestore()
  expect(before).toBe('Process: user request')
  expect(after).not.toBe(before)
  expect(after.length).toBeLessThan(before.length)
  expect(after).toMatch(/user request/i)
})

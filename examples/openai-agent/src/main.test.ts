import { expect, test, vi } from 'vitest'

test('the graph shows how the answer came about, and one sentence of feedback improves it', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  await import('./main.ts')
  const [before, graph, , after] = log.mock.calls.map(([line]) => String(line))
  log.mockRestore()
  expect(before).not.toContain('Thursday')
  expect(after).toContain('Thursday')
  expect(graph).toMatch(/find_order/)
  expect(graph).toMatch(/openai\.chat/)
  expect(graph).toMatch(/messages\/0\/system/)
})

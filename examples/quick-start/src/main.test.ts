import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
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

test('so does the compiled program, as `npm run quick-start` runs it', () => {
  const program = fileURLToPath(new URL('../dist/main.js', import.meta.url))
  const env = { ...process.env, OPENAI_API_KEY: undefined }
  const [before, after] = execFileSync(process.execPath, [program], { env }).toString().split('\n')
  expect(before).toBe('Process: user request')
  expect(after).not.toBe(before)
  expect(after).toMatch(/user request/i)
})

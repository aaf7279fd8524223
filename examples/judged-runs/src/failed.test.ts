import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { expect, test, vi } from 'vitest'

test('a loop that fails leaves what was stored, and says where', async () => {
  vi.stubEnv('OPENAI_API_KEY', 'none')
  vi.stubEnv('OPENAI_BASE_URL', 'http://127.0.0.1:1/v1')
  const { improve } = await import('./loop.ts')
  const told: string[] = []
  await expect(improve((line) => told.push(line))).rejects.toMatchObject({
    code: 'T2_MODEL_UNREACHABLE',
  })
  const db = / are in (.*)\.$/.exec(told.at(-1) ?? '')?.[1] ?? ''
  expect(existsSync(db)).toBe(true)
  await rm(dirname(db), { recursive: true })
})

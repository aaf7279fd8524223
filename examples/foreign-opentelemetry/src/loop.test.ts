import '@trace2/simulated-model/without-key'
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { improve } from './loop.ts'
import { mails } from './mails.ts'

test('runs recorded with plain OpenTelemetry are optimized like any others', async () => {
  const { before, after } = await improve()
  expect(before).toBeLessThan(mails.length)
  expect(after).toBeGreaterThan(before)
})

test('the agent uses nothing of ours', async () => {
  const source = await readFile(new URL('./agent.ts', import.meta.url), 'utf8')
  const imported = Array.from(source.matchAll(/ from '(.+)'/g), ([, name]) => name)
  expect(imported).toEqual(['node:crypto', '@opentelemetry/api'])
})

import { join } from 'node:path'
import { openStore } from '@trace2/store'
import { expect, it } from 'vitest'
import { command, temporaryDirectory } from '../testing/command.ts'

it('lists which scales are unclear and how to declare them, and which names are taken for "less is better"', async () => {
  const db = join(temporaryDirectory(), 'names.duckdb')
  const store = await openStore(db)
  const give = (name: string, score: number) =>
    store.addFeedback({ traceId: 'a'.repeat(32), spanId: null, name, score })
  for (const score of [1, 1]) await give('stars', score)
  await give('marks', 7)
  for (const score of [812, 95]) await give('responseTimeMs', score)
  await store.close()

  const { out } = await command(['feedback', '--names', '--db', db], { env: { COLUMNS: '120' } })
  const lines = out.replace(/ {2,}/g, '  ').split('\n')
  expect(lines).toContainEqual(expect.stringMatching(/stars {2}2 {2}1 {2}\? {2}1 {2}unclear/))
  expect(lines).toContainEqual(
    expect.stringMatching(/marks {2}1 {2}7 {2}0 to 10\? {2}higher {2}1 {2}unclear/),
  )
  const told = lines.join(' ')
  expect(told).toContain('Scale unclear: declare it with `scale: [1, 5]`')
  expect(told).toContain('marks (every score is 7, taken as 0 to 10), stars (every score is 1)')
  expect(told).toContain('less is assumed to be better: responseTimeMs')

  const json = await command(['feedback', '--names', '--json', '--db', db])
  const names: readonly object[] = JSON.parse(json.out)
  expect(names).toContainEqual(
    expect.objectContaining({ name: 'stars', scale: null, unclear: true }),
  )
})

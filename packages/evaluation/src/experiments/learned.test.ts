import { run } from '@trace2/instrumentation'
import { expect, test } from 'vitest'
import { recordedStore } from '../testing/recorded-store.ts'
import { learnedCases } from './learned.ts'

test('a candidate was learned from what its runs were asked, whatever a file calls it', async () => {
  const answer = run('answer', (ticket: string) => ticket.toUpperCase())
  const store = await recordedStore(() => {
    for (const ticket of ['late', 'late', 'broken']) answer(ticket)
  })
  const runs = await store.runs()
  const [broken, late] = runs
  const isLearned = await learnedCases(store, new Set([late?.id ?? '']))
  const asked = (input: string, from: string | null = null) =>
    isLearned({ inputs: { input }, run: from })
  expect(asked('Late ')).toBe(true)
  expect(asked('broken')).toBe(false)
  expect(asked('something else', late?.id)).toBe(true)
  expect(asked('late', broken?.id)).toBe(true)
  expect((await learnedCases(store))({ inputs: { ticket: 'late' }, run: late?.id ?? '' })).toBe(
    false,
  )
})

import { run } from '@trace2/instrumentation'
import { expect, test } from 'vitest'
import { recordedStore } from '../testing/recorded-store.ts'
import { learnedCases } from './learned.ts'

test('a candidate was learned from what its runs were asked, whatever a file calls it', async () => {
  const answer = run('answer', (ticket: string) => ticket.toUpperCase())
  const store = await recordedStore(() => {
    for (const ticket of ['late', 'late', 'broken']) answer(ticket)
  })
  const runOf = async (ticket: string) => {
    const { rows } = await store.sql(
      `SELECT trace_id FROM v_span WHERE kind = 'run' AND (input->>'$.ticket') = '${ticket}' LIMIT 1`,
    )
    return String(rows[0]?.[0])
  }
  const [late, broken] = [await runOf('late'), await runOf('broken')]
  const isLearned = await learnedCases(store, new Set([late]))
  const asked = (input: string, from: string | null = null) =>
    isLearned({ inputs: { input }, run: from })
  expect(asked('Late ')).toBe(true)
  expect(asked('broken')).toBe(false)
  expect(asked('something else', late)).toBe(true)
  expect(asked('late', broken)).toBe(true)
  expect((await learnedCases(store))({ inputs: { ticket: 'late' }, run: late })).toBe(false)
})

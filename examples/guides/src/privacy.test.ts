import { expect, test } from 'vitest'
import { pay } from './privacy.ts'
import { temporaryCollector } from './testing/collector.ts'

test('what is masked or withheld never reaches the store, and the program sees all of it', async () => {
  const { collector } = await temporaryCollector()
  expect(await pay(collector.url)).toContain('4000123412341234 for ada@example.org')

  const { rows } = await collector.store.sql('SELECT * FROM v_span ORDER BY name')
  const stored = JSON.stringify(rows)
  expect(rows).toHaveLength(3)
  expect(stored).toContain('order 12 with card [card]')
  expect(stored).not.toContain('4000123412341234')
  expect(stored).not.toContain('ada@example.org')
})

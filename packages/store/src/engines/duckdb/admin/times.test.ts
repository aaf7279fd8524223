import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { span, traceId } from '../../../testing/spans.ts'
import { temporaryDirectory } from '../../../testing/temporary.ts'
import { openDatabase } from '../duckdb-store.ts'

const directory = temporaryDirectory()

it.each([
  ['2262', 2n ** 63n - 2n],
  ['the end of all timestamps', 2n ** 63n - 1n],
  ['2554', 2n ** 64n - 1n],
])('shows a store with a span of %s, which an earlier version took', async (name, ns) => {
  const { store } = await openDatabase(join(directory, `${name}.duckdb`))
  const late = { ...span({ trace: 'b', id: '1' }), startNs: ns, endNs: ns }
  await store.writeSpans([span({ id: '1' }), late])
  await store.addFeedback({ traceId: traceId('b'), spanId: null, name: 'late', score: 1 })

  expect((await store.runs()).map(({ id }) => id)).toEqual([traceId('b'), traceId('a')])
  expect((await store.graph(traceId('b'))).nodes).toHaveLength(1)
  const views = await store.sql(
    "SELECT view_name FROM duckdb_views() WHERE starts_with(view_name, 'v_') ORDER BY ALL",
  )
  for (const [view] of views.rows) await store.sql(`SELECT * FROM ${view}`)
  const runs = await store.sql('SELECT id, started_at IS NULL FROM v_run ORDER BY id')
  expect(runs.rows).toEqual([
    [traceId('a'), false],
    [traceId('b'), true],
  ])
  const target = join(directory, `export-${name}`)
  await store.exportParquet(target, { partitionBy: 'day' })
  expect(readdirSync(join(target, 'v_run')).sort()).toEqual(['day=2026-09-21', 'day=unknown'])
  await store.close()
})

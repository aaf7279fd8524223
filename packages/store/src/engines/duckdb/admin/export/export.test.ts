import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { expect, it } from 'vitest'
import { span, traceId } from '../../../../testing/spans.ts'
import { temporaryDirectory } from '../../../../testing/temporary.ts'
import { openDatabase } from '../../duckdb-store.ts'

const directory = temporaryDirectory()
const dayMs = 86_400_000

it('exports a partition per day, in which traces are whole', async () => {
  const store = (await openDatabase(join(directory, 'a.duckdb'))).store
  await store.writeSpans([
    span({ trace: 'a', id: '1' }),
    span({ trace: 'a', id: '2', parent: '1', at: dayMs }),
    span({ trace: 'b', id: '1', at: dayMs }),
  ])
  await store.addFeedback({ traceId: traceId('c'), spanId: null, name: 'early', score: 1 })
  const target = join(directory, 'out')
  const paths = await store.exportParquet(target, { partitionBy: 'day' })
  await store.close()
  expect(paths).toContain(join(target, 'v_proposal.parquet'))
  expect(readdirSync(join(target, 'v_span')).sort()).toEqual(['day=2026-09-21', 'day=2026-09-22'])
  expect(readdirSync(join(target, 'v_feedback'))).toEqual(['day=unknown'])

  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const result = await connection.runAndReadAll(
    `SELECT day::VARCHAR, trace_id, count(*)::INTEGER FROM read_parquet('${target}/v_span/**/*.parquet')
     GROUP BY ALL ORDER BY ALL`,
  )
  expect(result.getRowsJson()).toEqual([
    ['2026-09-21', traceId('a'), 2],
    ['2026-09-22', traceId('b'), 1],
  ])
  connection.closeSync()
  instance.closeSync()
})

import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore } from '../../../open.ts'
import type { Store } from '../../../store.ts'
import { caseOf, experimentOf, lookOf, trialOf, verdictOf } from '../../../testing/evaluations.ts'
import { span } from '../../../testing/spans.ts'
import { temporaryDirectory } from '../../../testing/temporary.ts'
import { sql } from '../sql.ts'
import { firstSchema } from '../testing/first-schema.ts'
import { SCHEMA_VERSION } from './schema.ts'

const directory = temporaryDirectory()
let store: Store
let file: string
let files = 0

beforeEach(async () => {
  file = join(directory, `store-${files++}.duckdb`)
  store = await openStore(file)
})
afterEach(() => store.close())

describe('opening', () => {
  it('gives one store for one file, whatever it is called, until the last user closes it', async () => {
    const alias = `${file}.link`
    symlinkSync(file, alias)
    const second = await openStore(alias)
    await second.writeSpans([span({ id: '1' })])
    expect(await store.runs()).toHaveLength(1)
    await second.close()
    await second.close()
    expect(await store.runs()).toHaveLength(1)
  })

  it('finds what an earlier process wrote', async () => {
    await store.writeSpans([span({ id: '1' })])
    await store.close()
    store = await openStore(file)
    expect(await store.runs()).toHaveLength(1)
  })

  it('brings a database of an older version up to date', async () => {
    const old = join(directory, 'old.duckdb')
    const instance = await DuckDBInstance.create(old)
    const connection = await instance.connect()
    await connection.run(firstSchema)
    const stored = ['trace_id', 'span_id', 'name', 'op'].map((column) => [
      column,
      `'${'b'.repeat(32)}'`,
    ])
    const blank = `trace_state status_message attributes resource_ref scope_ref kind dialect description start_ns end_ns
      span_kind flags status_code dropped_attributes dropped_events dropped_links received_ns input_plain output_plain`
    const values = [...stored, ...blank.split(/\s+/).map((column) => [column, '0'])]
    const columns = values.map(([column]) => column).join(', ')
    await connection.run(
      `INSERT INTO span (${columns}) VALUES (${values.map(([, value]) => value).join(', ')})`,
    )
    await connection.run(
      `INSERT INTO edge_ref (trace_id, span_id, start_ns, role, origin, how, pointer, value_hash, value, distinctive)
       VALUES (repeat('b', 32), repeat('b', 32), 0, 'ticket', 'value', 'exact', '', 'hash', '"late"', true)`,
    )
    instance.closeSync()
    const migrated = await openStore(old)
    expect((await migrated.sql('SELECT version FROM v_schema_meta')).rows).toEqual([
      [SCHEMA_VERSION],
    ])
    await migrated.writeSpans([span({ id: '1' })])
    expect(await migrated.runs()).toHaveLength(2)
    expect(await migrated.graph('b'.repeat(32))).toMatchObject({
      nodes: [{ kind: 'input', value: 'late' }, { kind: 'op' }],
      edges: [{ role: 'ticket' }],
    })
    await migrated.close()
  })

  it('adds what evaluations store to a database of version 5', async () => {
    const old = join(directory, 'five.duckdb')
    const instance = await DuckDBInstance.create(old)
    const connection = await instance.connect()
    await connection.run(firstSchema)
    for (const name of ['schema-2', 'schema-3', 'schema-4', 'schema-5']) {
      await connection.run(sql(name))
    }
    await connection.run('UPDATE schema_meta SET version = 5')
    await connection.run(
      `INSERT INTO evaluation VALUES ('e', 'p-1', '2026-01-01T00:00:00Z',
         '{"run": "r", "split": "test", "item": "7", "score": 1, "comment": "good"}')`,
    )
    await connection.run(
      `INSERT INTO parameter_version VALUES ('p', 'v1', '"a"', true, '', NULL, 5)`,
    )
    instance.closeSync()
    const migrated = await openStore(old)
    await migrated.putExperiment(experimentOf('e-1'))
    const scores = [{ guide: 'g', score: 0.5, label: null, comment: null, error: null }]
    await migrated.putTrials([trialOf('t-1', { candidate: 'cand', scores })])
    await migrated.addDataset({ name: 'd', origin: 'o', cases: [caseOf('a')] })
    await migrated.addLooks('d', [lookOf('l-1')], 0)
    await migrated.addVerdict(verdictOf('v-1'))
    expect(
      (await migrated.sql('SELECT proposal, split, item, score FROM v_evaluation ORDER BY item'))
        .rows,
    ).toEqual([
      ['p-1', 'test', '7', 1],
      ['p-1', 'validation', 'c1', 0.5],
    ])
    expect(await migrated.parameterHistory('p')).toMatchObject([{ version: 'v1', runs: 0 }])
    await migrated.close()
    const again = await openStore(old)
    expect(await again.trials('e-1')).toHaveLength(1)
    for (const view of [
      'dataset',
      'case',
      'experiment',
      'trial',
      'trial_score',
      'look',
      'verdict',
    ]) {
      const { rows } = await again.sql(`SELECT count(*) FROM v_${view}`)
      expect([view, rows]).toEqual([view, [[1]]])
    }
    await again.close()
  })

  it('refuses a database of a newer version', async () => {
    await store.close()
    const instance = await DuckDBInstance.create(file)
    const connection = await instance.connect()
    await connection.run('UPDATE schema_meta SET version = 99')
    instance.closeSync()
    await expect(openStore(file)).rejects.toMatchObject({ code: 'T2_STORE_NEWER' })
  })

  it('refuses a file that is no database', async () => {
    const path = join(directory, 'text.duckdb')
    writeFileSync(path, 'this is not a database, though long enough to have a header'.repeat(100))
    await expect(openStore(path)).rejects.toMatchObject({ code: 'T2_STORE_DAMAGED' })
  })

  it('refuses to work when closed', async () => {
    await store.close()
    await expect(store.runs()).rejects.toMatchObject({ code: 'T2_STORE_CLOSED' })
  })

  it('ignores the owner file of a process that is gone', async () => {
    await store.close()
    writeFileSync(`${file}.owner.json`, '{"pid":4194000,"url":"http://127.0.0.1:9"}')
    store = await openStore(file)
    expect(store.location).toBe(file)
  })
})

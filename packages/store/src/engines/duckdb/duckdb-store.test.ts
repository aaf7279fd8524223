import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { parameterVersion } from '@trace2/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore } from '../../open.ts'
import type { Store } from '../../store.ts'
import { span, spanId, traceId } from '../../testing/spans.ts'
import { temporaryDirectory } from '../../testing/temporary.ts'

const directory = temporaryDirectory()
let store: Store
let file: string
let files = 0

beforeEach(async () => {
  file = join(directory, `store-${files++}.duckdb`)
  store = await openStore(file)
})
afterEach(() => store.close())

const use = (version: string, value: string) => ({
  'trace2.kind': 'op',
  'trace2.inputs': [`p=param:p@${version}`],
  'trace2.param.version.p': version,
  'trace2.param.value.p': JSON.stringify(value),
  'trace2.param.trainable.p': true,
})

describe('runs', () => {
  it('are listed latest first with what they cost and used', async () => {
    await store.writeSpans([
      span({ trace: 'a', id: '1', name: 'first', attributes: use('v1', 'x') }),
      span({ trace: 'b', id: '1', at: 10, name: 'second', error: 'broken' }),
      span({
        trace: 'b',
        id: '2',
        parent: '1',
        at: 11,
        attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.usage.input_tokens': 5n },
      }),
    ])
    const runs = await store.runs()
    expect(runs).toMatchObject([
      { name: 'second', spans: 2, errors: 1, failed: true, inputTokens: 5, parameters: {} },
      { name: 'first', spans: 1, failed: false, score: null, parameters: { p: 'v1' } },
    ])
    expect(runs[0]?.startedAt).toMatch(/^2026-09-21T.*\.\d{9}Z$/)
  })

  it('are found by condition, time, feedback and id', async () => {
    await store.writeSpans([
      span({ trace: 'a', id: '1', name: 'first' }),
      span({ trace: 'b', id: '1', at: 1000, name: 'second' }),
    ])
    await store.addFeedback({ traceId: traceId('a'), spanId: spanId('1'), name: 'thumb', score: 1 })
    const names = async (query: Parameters<Store['runs']>[0]) =>
      (await store.runs(query)).map((run) => run.name)
    expect(await names({ where: "name = 'first' -- a comment" })).toEqual(['first'])
    expect(await names({ hasFeedback: false })).toEqual(['second'])
    expect(await names({ ids: [traceId('a')] })).toEqual(['first'])
    expect(await names({ limit: 1 })).toEqual(['second'])
    const [second] = await store.runs()
    expect(await names({ since: second?.startedAt ?? '' })).toEqual(['second'])
    await expect(store.runs({ where: '1); DELETE FROM span; --' })).rejects.toMatchObject({
      code: expect.stringMatching(/^T2_SQL/),
    })
  })

  it('are found by a unique prefix', async () => {
    const [a, b] = ['ab'.padEnd(32, '1'), 'ac'.padEnd(32, '1')]
    await store.writeSpans([a, b].map((trace) => span({ trace, id: '1' })))
    expect((await store.findRun('AB')).id).toBe(a)
    await expect(store.findRun('a')).rejects.toMatchObject({ code: 'T2_RUN_AMBIGUOUS' })
    await expect(store.findRun('ff')).rejects.toMatchObject({ code: 'T2_RUN_UNKNOWN' })
    await expect(store.findRun("' OR true")).rejects.toMatchObject({ code: 'T2_RUN_UNKNOWN' })
  })
})

describe('spans', () => {
  it('keep every attribute, long ones once for all spans', async () => {
    const long = 'long '.repeat(1000)
    const attributes = {
      long,
      whole: 2,
      integer: 9223372036854775807n,
      bytes: Uint8Array.of(255),
      nan: Number.NaN,
      map: new Map([['bytesValue', 'a text']]),
      'lone \ud800': '\ud800',
    }
    await store.writeSpans([span({ id: '1', attributes }), span({ id: '2', attributes: { long } })])
    const { rows } = await store.sql('SELECT attributes FROM v_span ORDER BY span_id')
    const [[first], [second]] = rows as [[string], [string]]
    expect(first).toContain(
      '"whole":2.0,"integer":9223372036854775807,"bytes":{"bytesValue":"/w=="}',
    )
    expect(first).toContain('"nan":{"doubleValue":"NaN"}')
    expect(first).toContain('"map":{"kvlistValue":{"bytesValue":"a text"}}')
    const hash = /"contentValue":"(\w+)"/.exec(second)?.[1] ?? ''
    expect(first).toContain(hash)
    const content = await store.sql(`SELECT text FROM v_content WHERE hash = '${hash}'`)
    expect(content.rows).toEqual([[long]])
  })

  it('show attributes whole in the view, though what a column has is written only there', async () => {
    const input = JSON.stringify({ ticket: 'a "quoted" ticket, long enough to be shared' })
    const output = 'an answer \\ with {"columnValue": "input"} in it'
    const attributes = {
      'trace2.kind': 'run',
      'input.value': input,
      'output.value': output,
      again: output,
      map: new Map([['columnValue', 'input']]),
    }
    await store.writeSpans([span({ id: '1', attributes })])
    const { rows } = await store.sql(
      `SELECT attributes ->> '$."input.value"', attributes ->> '$."output.value"', attributes ->> 'again',
         attributes -> 'map' FROM v_span`,
    )
    expect(rows).toEqual([[input, output, output, '{"columnValue":"input"}']])
  })

  it('show long inputs and outputs in the views and the graph', async () => {
    const text = '"quoted" '.repeat(500)
    const input = JSON.stringify({ ticket: text })
    await store.writeSpans([
      span({
        id: '1',
        attributes: { 'trace2.kind': 'run', 'input.value': input, 'output.value': text },
      }),
    ])
    const { rows } = await store.sql("SELECT input ->> 'ticket', output ->> '$' FROM v_span")
    expect(rows).toEqual([[text, text]])
    const graph = await store.graph(traceId('a'))
    expect(graph.nodes).toMatchObject([{ value: text }, { value: text, inputs: { ticket: text } }])
  })
})

describe('feedback', () => {
  it('replaces what has the same target, name and identifier', async () => {
    await store.writeSpans([span({ id: '1' })])
    const target = { traceId: traceId('a'), spanId: spanId('1'), name: 'accuracy' }
    const first = await store.addFeedback({ ...target, score: 0, identifier: 'x' })
    const second = await store.addFeedback({ ...target, score: 1, identifier: 'x' })
    await store.addFeedback({ ...target, spanId: null, label: 'good' })
    expect(second.id).toBe(first.id)
    expect((await store.feedback()).map((row) => [row.score, row.label, row.source])).toEqual([
      [1, null, 'human'],
      [null, 'good', 'human'],
    ])
    expect(await store.runs()).toMatchObject([{ score: 1, feedback: 2 }])
  })

  it('is all there when much comes at once, each as it was given', async () => {
    const given = Array.from({ length: 50 }, (_, i) => ({
      traceId: traceId('a'),
      spanId: null,
      name: `guide-${i}`,
      score: i / 50,
      identifier: 'x',
    }))
    const refused = expect(
      store.addFeedback({ traceId: 'none', spanId: null, name: 'bad', score: 1 }),
    ).rejects.toMatchObject({ code: 'T2_FEEDBACK_INVALID' })
    const added = await Promise.all(given.map((one) => store.addFeedback(one)))
    await refused
    expect(added).toMatchObject(given)
    const stored = await store.feedback()
    expect(new Map(stored.map((one) => [one.id, one]))).toEqual(
      new Map(added.map((one) => [one.id, one])),
    )
  })

  it('is refused by a store that is closed, again and again', async () => {
    const closed = await openStore(':memory:')
    await closed.close()
    const one = { traceId: traceId('a'), spanId: null, name: 'late', score: 1 }
    for (const _again of [1, 2]) {
      await expect(closed.addFeedback(one)).rejects.toMatchObject({ code: 'T2_STORE_CLOSED' })
    }
  })

  it('comes from carrier spans and OpenInference annotations, which are no runs', async () => {
    const link = { traceId: traceId('a'), spanId: spanId('1') }
    const carrier = {
      'trace2.kind': 'feedback',
      'gen_ai.evaluation.name': 'accuracy',
      'gen_ai.evaluation.score.value': 0.5,
      'gen_ai.evaluation.explanation': 'half right',
      'trace2.feedback.source': 'human',
    }
    const annotation = {
      'annotations.0.annotation.name': 'tone',
      'annotations.0.annotation.label': 'rude',
      'annotations.0.annotation.annotator_kind': 'LLM',
    }
    await store.writeSpans([
      span({ id: '1' }),
      span({ trace: 'b', id: '2', attributes: carrier, links: [link] }),
      span({ trace: 'c', id: '3', at: 1, attributes: annotation, links: [link] }),
    ])
    const rows = await store.feedback([traceId('a')])
    expect(rows).toMatchObject([
      { ...link, name: 'accuracy', score: 0.5, comment: 'half right', source: 'human' },
      { ...link, name: 'tone', label: 'rude', source: 'model' },
    ])
    expect(await store.runs()).toHaveLength(1)
  })

  it.each([
    [{ traceId: 'x', spanId: null, name: 'a', score: 1 }],
    [{ traceId: traceId('a'), spanId: null, name: '', score: 1 }],
    [{ traceId: traceId('a'), spanId: null, name: 'a' }],
    [{ traceId: traceId('a'), spanId: null, name: 'a', score: Number.NaN }],
  ])('that says nothing is refused: %j', async (added) => {
    await expect(store.addFeedback(added)).rejects.toMatchObject({ code: 'T2_FEEDBACK_INVALID' })
  })
})

describe('parameters', () => {
  it('have a history, and a version that was added has the hash of its value', async () => {
    await store.writeSpans([
      span({ id: '1', attributes: use('v1', 'old') }),
      span({ id: '2', parent: '1', at: 5, attributes: use('v2', 'new') }),
    ])
    expect(await store.parameters()).toMatchObject([
      { name: 'p', version: 'v2', value: 'new', trainable: true, versions: 2, runs: 1 },
    ])
    const declared = { name: 'p', value: 'newest', trainable: true, description: '', schema: null }
    const added = await store.addParameterVersion(declared)
    expect(added.version).toBe(parameterVersion('newest'))
    expect(await store.addParameterVersion(declared)).toEqual(added)
    const history = await store.parameterHistory('p')
    expect(history.map(({ value, runs }) => [value, runs])).toEqual([
      ['old', 1],
      ['new', 1],
      ['newest', 0],
    ])
    await expect(store.parameterHistory('q')).rejects.toMatchObject({
      code: 'T2_PARAMETER_UNKNOWN',
    })
  })
})

describe('sql', () => {
  it('gives rows that JSON can carry', async () => {
    const query = "SELECT 1::BIGINT AS a, 9007199254740993 AS b, 'x'::BLOB AS c, NULL AS d"
    expect(await store.sql(query)).toEqual({
      columns: ['a', 'b', 'c', 'd'],
      rows: [[1, '9007199254740993', 'x', null]],
    })
  })

  it.each([
    'DELETE FROM span',
    'DROP TABLE span',
    "INSERT INTO content VALUES ('a', 'b') RETURNING *",
    'SELECT 1; SELECT 2',
    "COPY span TO '/tmp/stolen.csv'",
    "ATTACH '/tmp/other.duckdb'",
    'SET threads = 1',
    'PRAGMA database_list; SELECT 1',
    'INSTALL httpfs',
    "SELECT * FROM read_text('/etc/hostname')",
    "SELECT * FROM read_csv('/etc/hostname')",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM '/etc/hostname'",
    "SELECT * FROM '/etc/hostname.csv'",
    "SELECT * FROM 'https://example.test/data.csv'",
    "SELECT * FROM sqlite_scan('/tmp/x.db', 't')",
    "SELECT * FROM query('DROP TABLE span')",
    '',
  ])('refuses what is not a read of the database: %s', async (query) => {
    await expect(store.sql(query)).rejects.toMatchObject({
      code: expect.stringMatching(/^T2_SQL(_READ_ONLY)?$/),
    })
    expect(await store.runs()).toEqual([])
  })

  it('says what is wrong with a query', async () => {
    await expect(store.sql('SELECT nonsense FROM v_run')).rejects.toMatchObject({
      code: 'T2_SQL',
      message: expect.stringContaining('nonsense'),
    })
  })
})

describe('an export', () => {
  it('has one Parquet file per view, in a directory of its own', async () => {
    await store.writeSpans([span({ id: '1' })])
    const target = join(directory, "an 'export'")
    const paths = await store.exportParquet(target)
    expect(paths.map((path) => path.slice(target.length + 1))).toEqual(
      expect.arrayContaining(['v_span.parquet', 'v_edge.parquet']),
    )
    expect(readdirSync(target)).toHaveLength(paths.length)
    await expect(store.exportParquet(target)).rejects.toMatchObject({ code: 'T2_EXPORT' })
    const reader = await (await DuckDBInstance.create()).connect()
    const [path = ''] = paths
    const result = await reader.runAndReadAll('SELECT count(*) FROM read_parquet($1)', [path])
    expect(result.getRowsJson()).toEqual([['1']])
  })
})

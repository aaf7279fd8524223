import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { command, temporaryDirectory } from '../testing/command.ts'
import { recordedRequest } from '../testing/sample-agent.ts'

test('what is in a file becomes runs; what cannot be read is told with its line', async () => {
  const cwd = temporaryDirectory()
  const { body } = await recordedRequest(['a refund'], 'json')
  const lines = [body, Buffer.from('{"resourceSpans": \u001b[31m}'), body].map((line) =>
    Buffer.concat([line, Buffer.from('\n')]),
  )
  writeFileSync(join(cwd, 'traces.jsonl'), Buffer.concat(lines))

  const first = await command(['import', 'traces.jsonl'], { cwd })
  expect(first.code).toBe(1)
  expect(first.err).toContain(
    'error T2_IMPORT_INCOMPLETE: Not everything was read of traces.jsonl.',
  )
  expect(first.out).toBe('traces.jsonl: 5 spans stored, 5 duplicates left out, 1 line not read\n')
  expect(first.err).toMatch(/^traces\.jsonl:2: /)
  expect(first.err).not.toContain('\u001b')

  const again = await command(['import', 'traces.jsonl', '--json'], { cwd })
  expect(JSON.parse(again.out)).toMatchObject([
    { file: 'traces.jsonl', accepted: 0, duplicates: 10, badLines: 1 },
  ])
  const runs = await command(['runs', '--json'], { cwd })
  expect(JSON.parse(runs.out)).toMatchObject([{ name: 'support-agent', spans: 4, score: 0 }])
})

test('protobuf is imported as well', async () => {
  const cwd = temporaryDirectory()
  const { body } = await recordedRequest(['a refund'], 'protobuf')
  writeFileSync(join(cwd, 'traces.binpb'), body)
  const { out } = await command(['import', 'traces.binpb'], { cwd })
  expect(out).toBe('traces.binpb: 5 spans stored\n')
})

test('logs beside the traces become feedback', async () => {
  const cwd = temporaryDirectory()
  const { body } = await recordedRequest(['a refund'], 'json')
  writeFileSync(join(cwd, 'traces.jsonl'), body)
  const traceId = /"traceId":"(\w+)"/.exec(Buffer.from(body).toString())?.[1]
  const attributes = [
    { key: 'gen_ai.evaluation.name', value: { stringValue: 'tone' } },
    { key: 'gen_ai.evaluation.score.value', value: { doubleValue: 0.5 } },
  ]
  const result = { traceId, eventName: 'gen_ai.evaluation.result', timeUnixNano: '1', attributes }
  const logRecords = [result, { body: { stringValue: 'cache miss' } }]
  const logs = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] })
  writeFileSync(join(cwd, 'logs.jsonl'), `${logs}\n`)
  const { out } = await command(['import', 'traces.jsonl', 'logs.jsonl'], { cwd })
  expect(out).toContain('logs.jsonl: 2 log records read (1 of them say nothing of a run)\n')
  const runs = await command(['runs', '--json'], { cwd })
  expect(JSON.parse(runs.out)).toMatchObject([{ feedback: 2 }])
})

test('a file of nothing that can be taken is a failure', async () => {
  const cwd = temporaryDirectory()
  writeFileSync(join(cwd, 'notes.txt'), '{"not": "a trace"}\n')
  const { code, err } = await command(['import', 'notes.txt'], { cwd })
  expect(code).toBe(1)
  expect(err).toContain('error T2_NOTHING_IMPORTED')
})

test('a missing file is named', async () => {
  const { code, err } = await command(['import', 'missing.jsonl'], { cwd: temporaryDirectory() })
  expect(code).toBe(1)
  expect(err).toContain('error T2_IMPORT')
  expect(err).toContain('missing.jsonl')
})

test('of several files each costs only what is broken in it, and all of it is told', async () => {
  const cwd = temporaryDirectory()
  const requests: { readonly body: Uint8Array }[] = []
  for (const _ of [1, 2, 3, 4]) requests.push(await recordedRequest(['a refund'], 'json'))
  const [a, b, c, d] = requests.map(({ body }) => `${Buffer.from(body)}\n`)
  writeFileSync(join(cwd, 'whole.jsonl'), `${a}`)
  writeFileSync(join(cwd, 'cut.jsonl.gz'), gzipSync(`${b}`).subarray(0, -6))
  writeFileSync(join(cwd, 'bad.jsonl'), `${c}${'{"torn\n'.repeat(30)}`)
  mkdirSync(join(cwd, 'folder'))
  const files = ['missing.jsonl', 'cut.jsonl.gz', 'bad.jsonl', 'folder', 'whole.jsonl', '-']
  const { code, out, err } = await command(['import', ...files], { cwd, input: gzipSync(`${d}`) })
  expect(code).toBe(1)
  expect(out.split('\n')).toEqual([
    'cut.jsonl.gz: 5 spans stored',
    'bad.jsonl: 5 spans stored, 30 lines not read',
    'whole.jsonl: 5 spans stored',
    'standard input: 5 spans stored',
    '',
  ])
  expect(err).toContain('missing.jsonl: There is no file missing.jsonl.\n')
  expect(err).toContain('folder: The directory folder holds no file that ends in .json, .jsonl, ')
  expect(err).toContain('cut.jsonl.gz: the rest could not be read: The gzip data is damaged or cut')
  expect(err.match(/^bad\.jsonl:\d+: /gm)).toHaveLength(10)
  expect(err).toContain('… and 20 more\n')
  expect(err.replaceAll('\n', ' ')).toContain(
    'error T2_IMPORT_INCOMPLETE: Not everything was read of missing.jsonl, cut.jsonl.gz, bad.jsonl, folder.',
  )
  const runs = await command(['runs', '--json'], { cwd })
  expect(JSON.parse(runs.out)).toHaveLength(4)
})

test('the files of a directory are imported in their order, but for others and hidden ones', async () => {
  const cwd = temporaryDirectory()
  const { body } = await recordedRequest(['a refund'], 'json')
  mkdirSync(join(cwd, 'traces', 'more'), { recursive: true })
  mkdirSync(join(cwd, 'traces', '.git'))
  for (const name of [
    'b.json',
    'a.jsonl.gz',
    'more/c.ndjson',
    '.hidden.json',
    '.git/x.json',
    'x.md',
  ])
    writeFileSync(join(cwd, 'traces', name), name.endsWith('.gz') ? gzipSync(body) : body)
  const { code, out, err } = await command(['import', 'traces'], { cwd })
  expect([code, err]).toEqual([0, 'traces: 3 files\n'])
  const names = ['a.jsonl.gz', 'b.json', 'more/c.ndjson'].map((name) => join('traces', name))
  expect(out.split('\n').map((line) => line.split(':')[0])).toEqual([...names, ''])
  const traces = await command(['doctor', '--traces', 'traces'], { cwd })
  expect(traces.code).toBe(0)
})

test('a file of another kind is told with what to import instead', async () => {
  const cwd = temporaryDirectory()
  writeFileSync(join(cwd, 'x.csv'), 'context.trace_id,name\n1,2\n')
  const { code, err } = await command(['import', 'x.csv'], { cwd })
  expect(code).toBe(1)
  expect(err.replaceAll(/\s+/g, ' ')).toContain('It is a table of text (CSV): export OTLP')
})

test('what export wrote is brought back', async () => {
  const cwd = temporaryDirectory()
  const { body } = await recordedRequest(['a refund'], 'json')
  writeFileSync(join(cwd, 'traces.jsonl'), body)
  await command(['import', 'traces.jsonl'], { cwd })
  await command(['feedback', 'last', '--name', 'tone', '--score', '0.5'], { cwd })
  await command(['export', 'exported'], { cwd })
  const { code, out } = await command(['import', 'exported', '--db', 'other.duckdb'], { cwd })
  expect([code, out]).toEqual([0, expect.stringContaining('exported: 5 spans stored, ')])
  const runs = await Promise.all(
    ['trace2.duckdb', 'other.duckdb'].map((db) => command(['runs', '--json', '--db', db], { cwd })),
  )
  expect(JSON.parse(runs[1]?.out ?? '')).toEqual(JSON.parse(runs[0]?.out ?? ''))
})

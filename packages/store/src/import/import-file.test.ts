import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore } from '../open.ts'
import { encodeTraces } from '../otlp/encode-protobuf.ts'
import type { SpanRecord } from '../otlp/records.ts'
import { transcode } from '../otlp/transcode/transcode.ts'
import type { Store } from '../store.ts'
import { span, spanId, traceId } from '../testing/spans.ts'
import { temporaryDirectory } from '../testing/temporary.ts'
import { importFile } from './import-file.ts'

const directory = temporaryDirectory()
let store: Store

beforeEach(async () => {
  store = await openStore(':memory:')
})
afterEach(() => store.close())

function file(content: string | Uint8Array): string {
  const path = join(directory, 'traces')
  writeFileSync(path, content)
  return path
}

const ids = (id: string) => ({ traceId: traceId('a'), spanId: spanId(id) })
const request = (id: string) => ({
  resourceSpans: [{ scopeSpans: [{ spans: [ids(id)] }] }],
})
const scored = [
  { key: 'gen_ai.evaluation.name', value: { stringValue: 'tone' } },
  { key: 'gen_ai.evaluation.score.value', value: { doubleValue: 0.5 } },
]
const line = (id: string) => JSON.stringify(request(id))

function prefixed(...messages: Uint8Array[]): Buffer {
  return Buffer.concat(
    messages.flatMap((message) => {
      const length = Buffer.alloc(4)
      length.writeUInt32BE(message.byteLength)
      return [length, message]
    }),
  )
}

describe('importing a file', () => {
  it.each([
    ['JSON lines', `${line('1')}\n${line('2')}\n`],
    ['JSON lines of Windows, the last without an end', `${line('1')}\r\n\r\n${line('2')}`],
    ['one JSON document over many lines', JSON.stringify(request('1'), null, 2)],
    ['one protobuf request', encodeTraces([span({ id: '1' }), span({ id: '2' })])],
    [
      'length-prefixed protobuf',
      prefixed(encodeTraces([span({ id: '1' })]), encodeTraces([span({ id: '2' })])),
    ],
    ['gzipped JSON lines', gzipSync(`${line('1')}\n${line('2')}\n`)],
  ])('takes %s', async (_what, content) => {
    const result = await importFile(store, file(content))
    expect(result).toMatchObject({ badLines: 0, rejected: 0, problems: [] })
    const { rows } = await store.sql('SELECT count(*) FROM v_span')
    expect(rows).toEqual([[result.accepted]])
    expect(result.accepted).toBeGreaterThan(0)
  })

  it.each(['json', 'protobuf'] as const)(
    'takes logs as well as traces, in %s',
    async (encoding) => {
      const logRecords = [
        {
          ...ids('1'),
          timeUnixNano: '5',
          eventName: 'gen_ai.evaluation.result',
          attributes: scored,
        },
        { ...ids('1'), eventName: 'gen_ai.user.message', body: { stringValue: 'Where is it?' } },
        { ...ids('1'), body: { stringValue: 'cache miss' } },
      ]
      const logs = { resourceLogs: [{ scopeLogs: [{ logRecords }] }] }
      const requests = [
        { signal: 'traces', request: request('1') },
        { signal: 'logs', request: logs },
        // Without a time on it, a log record in protobuf has no field that a span cannot have.
        {
          signal: 'logs',
          request: { resourceLogs: [{ scopeLogs: [{ logRecords: [logRecords[2]] }] }] },
        },
      ] as const
      const bodies = requests.map(({ signal, request }) => {
        const body = Buffer.from(JSON.stringify(request))
        return transcode(signal, body, 'json', encoding).body
      })
      const content =
        encoding === 'json'
          ? Buffer.concat(bodies.map((body) => Buffer.concat([body, Buffer.from('\n')])))
          : prefixed(...bodies)
      for (const _again of [1, 2]) {
        const result = await importFile(store, file(content))
        expect(result).toMatchObject({ logs: 4, ignoredLogs: 2, rejected: 0, problems: [] })
      }
      expect(await store.feedback()).toMatchObject([
        { traceId: traceId('a'), name: 'tone', score: 0.5 },
      ])
      const { rows } = await store.sql('SELECT count(*), any_value(input) FROM v_span')
      expect(JSON.stringify(rows)).toContain('Where is it?')
      expect(rows[0]?.[0]).toBe(1)
    },
  )

  it('says what a file of metrics is', async () => {
    const result = await importFile(store, file('{"resourceMetrics":[]}\n'))
    expect(result).toMatchObject({ accepted: 0, badLines: 1 })
    expect(result.problems[0]?.message).toMatch(/holds metrics/)
  })

  it('reports bad lines by number and imports the rest', async () => {
    const bad = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ spanId: 'x' }] }] }] })
    const content = [line('1'), '{"torn": ', bad, '{"resourceMetrics":[]}', line('2')].join('\n')
    const result = await importFile(store, file(content))
    expect(result).toMatchObject({ accepted: 2, rejected: 1, badLines: 2 })
    expect(result.problems.map((problem) => problem.line)).toEqual([2, 3, 4])
  })

  it('adds nothing the second time', async () => {
    const path = file(`${line('1')}\n`)
    await importFile(store, path)
    expect(await importFile(store, path)).toMatchObject({ accepted: 0, duplicates: 1 })
  })

  it('never sends more at once than a collector takes', async () => {
    const long = 'x'.repeat(4_000_000)
    const lines = Array.from({ length: 12 }, (_, i) => {
      const spans = [{ ...ids(`${i + 1}`), name: long }]
      return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] })
    })
    const sizes: number[] = []
    const counting = {
      ...store,
      writeSpans: async (spans: readonly SpanRecord[]) => {
        sizes.push(spans.reduce((sum, { name }) => sum + name.length, 0))
        return { accepted: spans.length, duplicates: 0 }
      },
    }
    const { accepted } = await importFile(counting, file(lines.join('\n')))
    expect(accepted).toBe(lines.length)
    expect(Math.max(...sizes)).toBeLessThan(32_000_000)
  })

  it('says how far it is', async () => {
    const path = file(`${line('1')}\n`)
    const seen: number[] = []
    await importFile(store, path, ({ bytes, totalBytes }) => seen.push(bytes / totalBytes))
    expect(seen.at(-1)).toBe(1)
  })

  it.each([
    ['no OTLP', () => file('PK\u0003\u0004 an archive')],
    ['not there', () => join(directory, 'missing')],
  ])('refuses a file that is %s', async (_what, path) => {
    await expect(importFile(store, path())).rejects.toMatchObject({ code: 'T2_IMPORT' })
  })
})

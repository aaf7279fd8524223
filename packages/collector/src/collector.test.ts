import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { context, type Span, SpanStatusCode, trace } from '@opentelemetry/api'
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base'
import { openStore } from '@trace2/store'
import type { AnyValue } from '@trace2/store/otlp'
import { encodeTraces } from '@trace2/store/otlp'
import { afterEach, describe, expect, it } from 'vitest'
import { span, spanId, traceId } from '../../store/src/testing/spans.ts'
import { temporaryDirectory } from '../../store/src/testing/temporary.ts'
import { type Collector, startCollector } from './collector.ts'

const directory = temporaryDirectory()
const collectors: Collector[] = []
let files = 0

async function start(options: { maxBodyBytes?: number } = {}): Promise<Collector> {
  const collector = await startCollector({
    db: join(directory, `${files++}.duckdb`),
    port: 0,
    ...options,
  })
  collectors.push(collector)
  return collector
}

afterEach(async () => {
  for (const collector of collectors.splice(0)) await collector.close()
})

it('is closed by `await using`, and so is a store that is still open elsewhere', async () => {
  const db = join(directory, `${files++}.duckdb`)
  let url = ''
  {
    await using collector = await startCollector({ db, port: 0 })
    url = collector.url
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
  }
  await expect(fetch(`${url}/healthz`)).rejects.toThrow()
  await using kept = await openStore(db)
  {
    await using store = await openStore(db)
    expect(await store.runs()).toEqual([])
  }
  expect(await kept.runs()).toEqual([])
})

/** Spans with every kind of attribute, event and link that the SDK can make. */
function recordSpans() {
  const memory = new InMemorySpanExporter()
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(memory)] })
  const tracer = provider.getTracer('scope', '1.2', { schemaUrl: 'https://example.test/schema' })
  const root: Span = tracer.startSpan('agent', {
    attributes: {
      'trace2.kind': 'run',
      'trace2.op': 'agent',
      'input.value': '{"ticket":"My parcel never came"}',
      'input.mime_type': 'application/json',
      'output.value': 'shipping',
      'output.mime_type': 'text/plain',
      integer: 1,
      double: 0.1,
      'double that looks whole': 2.0,
      negative: -7,
      text: 'ä\u0000😀',
      yes: true,
      list: ['a', 'b'],
      numbers: [1, 2.5],
      long: 'x'.repeat(5000),
      'not a number': Number.NaN,
      __proto__: 'own',
    },
  })
  const within = trace.setSpan(context.active(), root)
  const child = tracer.startSpan('step', { links: [{ context: root.spanContext() }] }, within)
  child.recordException(new TypeError('no such ticket'))
  child.setStatus({ code: SpanStatusCode.ERROR, message: 'no such ticket' })
  child.end()
  root.end()
  return memory.getFinishedSpans()
}

function send(exporter: SpanExporter, spans: ReturnType<typeof recordSpans>) {
  return new Promise<{ code: number }>((resolve) => exporter.export(spans, resolve))
}

async function everything(collector: Collector) {
  const columns = 'SELECT * FROM v_span ORDER BY span_id'
  const { rows } = await collector.store.sql(columns)
  const graph = await collector.store.graph(String(rows[0]?.[0]))
  return { rows, graph }
}

describe('the stock exporters', () => {
  it('give identical rows and graphs, whichever encoding they use', async () => {
    const spans = recordSpans()
    const results = []
    for (const Exporter of [JsonExporter, ProtobufExporter]) {
      const collector = await start()
      const exporter = new Exporter({ url: `${collector.url}/v1/traces` })
      expect(await send(exporter, spans)).toEqual({ code: 0 })
      await exporter.shutdown()
      results.push(await everything(collector))
    }
    expect(results[0]?.rows).toHaveLength(2)
    expect(results[0]).toEqual(results[1])
  })

  it('may send a span twice: it is stored once, also after a restart', async () => {
    const spans = recordSpans()
    const db = join(directory, 'twice.duckdb')
    for (let round = 0; round < 2; round++) {
      const collector = await startCollector({ db, port: 0 })
      const exporter = new JsonExporter({ url: `${collector.url}/v1/traces` })
      await send(exporter, spans)
      await send(exporter, spans)
      await exporter.shutdown()
      const { rows } = await collector.store.sql('SELECT count(*) FROM v_span')
      expect(rows).toEqual([[2]])
      await collector.close()
    }
  })
})

const json = { 'content-type': 'application/json' }
const protobuf = { 'content-type': 'application/x-protobuf' }
const body = Buffer.from(encodeTraces([span({ id: '1' })]))

function post(collector: Collector, headers: Record<string, string>, content: string | Buffer) {
  return fetch(`${collector.url}/v1/traces`, { method: 'POST', headers, body: content })
}

describe('POST /v1/traces', () => {
  it('answers an empty message in the sender’s encoding', async () => {
    const collector = await start()
    const inProtobuf = await post(collector, protobuf, body)
    expect(inProtobuf.headers.get('content-type')).toBe('application/x-protobuf')
    expect([inProtobuf.status, await inProtobuf.text()]).toEqual([200, ''])
    const inJson = await post(
      collector,
      { 'content-type': 'Application/JSON; charset=utf-8' },
      '{}',
    )
    expect([inJson.status, await inJson.text()]).toEqual([200, '{}'])
  })

  it('unpacks gzip', async () => {
    const collector = await start()
    const packed = await promisify(gzip)(body)
    for (const encoding of ['gzip', 'GZIP', 'x-gzip']) {
      const headers = { ...protobuf, 'content-encoding': encoding }
      expect((await post(collector, headers, packed)).status).toBe(200)
    }
    expect(await collector.store.runs()).toHaveLength(1)
  })

  it('unpacks gzip that no header announces', async () => {
    const collector = await start()
    const sent = await post(collector, protobuf, await promisify(gzip)(body))
    expect(sent.status).toBe(200)
    expect(await collector.store.runs()).toHaveLength(1)
  })

  it('takes what is in another encoding than announced, and answers in the announced one', async () => {
    const collector = await start()
    const spans = [{ traceId: traceId('b'), spanId: spanId('1') }]
    const inJson = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] })
    const asProtobuf = await post(collector, protobuf, inJson)
    expect([asProtobuf.status, await asProtobuf.text()]).toEqual([200, ''])
    const asJson = await post(collector, json, Buffer.from(body))
    expect([asJson.status, await asJson.text()]).toEqual([200, '{}'])
    expect(await collector.store.runs()).toHaveLength(2)
  })

  it('takes JSON that begins with a byte order mark', async () => {
    const collector = await start()
    expect((await post(collector, json, '\ufeff{}')).status).toBe(200)
  })

  it('says of other paths, in the sender’s encoding, what there is instead', async () => {
    const { url } = await start()
    const send = (headers: Record<string, string>) =>
      fetch(`${url}/v1/metrics`, { method: 'POST', headers })
    const inJson = await send(json)
    expect([inJson.status, await inJson.json()]).toEqual([
      404,
      { code: 12, message: expect.stringContaining('/v1/traces') },
    ])
    const inProtobuf = await send(protobuf)
    expect([inProtobuf.status, inProtobuf.headers.get('content-type')]).toEqual([
      404,
      'application/x-protobuf',
    ])
  })

  it('saves the good spans of a bad batch', async () => {
    const collector = await start()
    const spans = [{ traceId: traceId('a'), spanId: spanId('1') }, { traceId: 'no id' }]
    const request = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] })
    expect(await (await post(collector, json, request)).json()).toEqual({
      partialSuccess: { rejectedSpans: '1', errorMessage: 'span 2: traceId is not hex' },
    })
    expect(await collector.store.runs()).toHaveLength(1)
  })

  it.each([
    ['not JSON', json, '{', 400],
    ['not protobuf', protobuf, 'plain text', 400],
    ['logs', json, '{"resourceLogs":[]}', 400],
    ['an unknown content encoding', { ...json, 'content-encoding': 'br' }, '{}', 400],
    ['bad gzip', { ...json, 'content-encoding': 'gzip' }, '{}', 400],
  ])(
    'refuses %s with a status in the sender’s encoding',
    async (_what, headers, content, status) => {
      const collector = await start()
      const response = await post(collector, headers, content)
      expect(response.status).toBe(status)
      expect(response.headers.get('content-type')).toBe(headers['content-type'])
      if (headers['content-type'] === json['content-type']) {
        expect(await response.json()).toMatchObject({ code: 3, message: expect.any(String) })
      }
    },
  )

  it('bounds the body on the wire and unpacked', async () => {
    const collector = await start({ maxBodyBytes: 10_000 })
    const bomb = await promisify(gzip)(Buffer.alloc(1_000_000))
    expect(bomb.byteLength).toBeLessThan(10_000)
    const packed = { ...protobuf, 'content-encoding': 'gzip' }
    expect((await post(collector, packed, bomb)).status).toBe(413)
    expect((await post(collector, protobuf, Buffer.alloc(20_000))).status).toBe(413)
    expect((await post(collector, protobuf, body)).status).toBe(200)
  })
})

describe('the owner of a database', () => {
  it('is found by its file and serves the same interface', async () => {
    const collector = await start()
    await post(collector, protobuf, body)
    const file = collector.store.location
    expect(JSON.parse(readFileSync(`${file}.owner.json`, 'utf8'))).toEqual({
      pid: process.pid,
      url: collector.url,
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      path: file,
    })
    const client = await openStore(collector.url)
    expect(await client.runs()).toEqual(await collector.store.runs())
    expect(await client.writeSpans([span({ id: '1' }), span({ id: '2', parent: '1' })])).toEqual({
      accepted: 1,
      duplicates: 1,
    })
    const record = { timeNs: 2n ** 60n, name: 'gen_ai.evaluation.result', body: null }
    const attributes = new Map<string, AnyValue>([
      ['gen_ai.evaluation.name', 'tone'],
      ['gen_ai.evaluation.score.value', 0.25],
    ])
    const ids = { traceId: traceId('a'), spanId: spanId('1') }
    expect(await client.writeLogs([{ ...record, ...ids, attributes }])).toEqual({
      accepted: 1,
      ignored: 0,
    })
    expect(await client.feedback()).toMatchObject([{ ...ids, score: 0.25 }])
    const iterator = client.graphs([traceId('a'), 'b'])[Symbol.asyncIterator]()
    expect((await iterator.next()).value).toEqual(await collector.store.graph(traceId('a')))
    await expect(iterator.next()).rejects.toMatchObject({ code: 'T2_RUN_UNKNOWN' })
    await expect(client.proposal('p-1')).rejects.toMatchObject({
      code: 'T2_PROPOSAL_UNKNOWN',
      status: 404,
    })
    const given = { traceId: traceId('a'), spanId: null, name: 'tone', score: 0.5, identifier: 'x' }
    const feedback = await client.addFeedback(given)
    expect(await collector.store.feedback()).toContainEqual(feedback)
    expect(await client.findLlmCall('none')).toBeUndefined()
  })

  it('takes its file away when it closes', async () => {
    const collector = await start()
    const file = `${collector.store.location}.owner.json`
    await collector.close()
    expect(existsSync(file)).toBe(false)
  })

  it('keeps other processes from opening the file, with a clear error', async () => {
    const file = join(directory, 'held.duckdb')
    const code = `
      import { DuckDBInstance } from '@duckdb/node-api'
      const instance = await DuckDBInstance.create(process.argv[1])
      console.log('held')
      process.stdin.on('end', () => instance.closeSync()).resume()`
    const holder = spawn(process.execPath, ['--input-type=module', '-e', code, file], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    await once(holder.stdout, 'data')
    await expect(openStore(file)).rejects.toMatchObject({
      code: 'T2_STORE_LOCKED',
      message: expect.stringContaining(String(holder.pid)),
    })
    holder.stdin.end()
    await once(holder, 'exit')
    await (await openStore(file)).close()
  })

  it('refuses calls from web pages of elsewhere', async () => {
    const collector = await start()
    const response = await fetch(`${collector.url}/api/v1/runs`, {
      method: 'POST',
      headers: { ...json, origin: 'https://evil.test' },
      body: '[]',
    })
    expect(await response.json()).toMatchObject({ code: 'T2_API_ORIGIN' })
  })
})

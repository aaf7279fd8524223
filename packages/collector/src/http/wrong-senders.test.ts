import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { DiagLogLevel, diag } from '@opentelemetry/api'
import protobuf from 'protobufjs/minimal.js'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Collector, startCollector } from '../collector.ts'
import { testCertificate } from '../testing/certificate.ts'

let collector: Collector
let lines: string[]

const none = () => undefined

beforeEach(async () => {
  lines = []
  const warn = (line: string) => void lines.push(line)
  const logger = { warn, error: warn, info: none, debug: none, verbose: none }
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true })
  collector = await startCollector({ db: ':memory:', port: 0 })
})
afterEach(async () => {
  await collector.close()
  diag.disable()
})

const json = { 'content-type': 'application/json' }

async function post(path: string, headers: Record<string, string> = json, body = '{}') {
  const response = await fetch(collector.url + path, { method: 'POST', headers, body })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

it.each(['/v1/traces/', '/v1/logs/', '/api/public/otel/v1/traces/'])(
  'takes %s, whose slash means nothing',
  async (path) => {
    expect(await post(path)).toMatchObject({ status: 200 })
    expect(lines).toEqual([])
  },
)

it.each([
  ['/v1/traces/v1/traces', 'base address BASE only'],
  ['/otel/v1/traces', 'base address BASE only'],
  ['//v1/traces', 'base address BASE only'],
  ['/v1/trace', 'base address BASE only'],
  ['/', 'takes its address as it is gets BASE/v1/traces'],
  ['/api/public/otel', 'takes its address as it is gets BASE/v1/traces'],
  ['/v1/metrics', 'OTEL_METRICS_EXPORTER=none'],
  [
    '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
    'OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf',
  ],
])('says to who posts to %s what to change, and in the log', async (path, advice) => {
  const { status, text } = await post(path)
  const { code, message } = JSON.parse(text)
  expect([status, code]).toEqual([404, 12])
  expect(message).toContain(`There is no ${path}. `)
  expect(message).toContain(advice.replace('BASE', collector.url))
  expect(lines).toEqual([expect.stringContaining(`Refused POST ${path} (application/json) with`)])
  expect(lines[0]).toContain(message)
})

it('names the other paths that it takes', async () => {
  const { text } = await post('/other')
  expect(text).toContain('/api/public/otel/v1/traces, /api/otel/v1/traces')
  expect(text).not.toContain('base address')
})

it('says nothing of pages that a browser asks for', async () => {
  expect((await fetch(`${collector.url}/favicon.ico`)).status).toBe(404)
  expect(lines).toEqual([])
})

it('refuses another method and another content type as it refuses everything else', async () => {
  const type = await post('/v1/traces', { 'content-type': 'text/csv' }, 'a,b')
  expect(type.status).toBe(415)
  expect(JSON.parse(type.text)).toEqual({
    code: 3,
    message:
      'The content type text/csv is not taken: send application/json or application/x-protobuf.',
  })
  const headers = { 'content-type': 'application/x-protobuf' }
  const method = await fetch(`${collector.url}/v1/traces`, { method: 'PUT', headers, body: '' })
  expect([method.status, method.headers.get('allow')]).toEqual([405, 'POST'])
  expect(method.headers.get('content-type')).toBe('application/x-protobuf')
  const reader = protobuf.Reader.create(new Uint8Array(await method.arrayBuffer()))
  expect([reader.uint32(), reader.int32(), reader.uint32()]).toEqual([8, 12, 18])
  expect(reader.string()).toContain('POST')
  expect(lines).toEqual([
    expect.stringContaining('Refused POST /v1/traces (text/csv) with 415'),
    expect.stringContaining('Refused PUT /v1/traces (application/x-protobuf) with 405'),
  ])
})

it.each(['application/grpc', 'application/grpc-web+proto', 'application/grpc+proto'])(
  'says to %s how to send over HTTP',
  async (type) => {
    const { status, text } = await post('/v1/traces', { 'content-type': type }, '')
    expect(status).toBe(415)
    expect(text).toContain(`http/protobuf and OTEL_EXPORTER_OTLP_ENDPOINT=${collector.url}`)
  },
)

it('logs bodies that cannot be read, once, with the remedy', async () => {
  for (let count = 0; count < 5; count++) {
    expect(await post('/v1/traces', json, '{"hello":1}')).toMatchObject({ status: 400 })
  }
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain('with 400: T2_OTLP_INVALID: The body has no resourceSpans. Send ')
})

it('logs requests that it takes in part', async () => {
  const spans = [{ traceId: '1', spanId: '2' }]
  const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] })
  expect(await post('/v1/traces', json, body)).toMatchObject({ status: 200 })
  expect(lines).toEqual([
    expect.stringContaining(
      'Took POST /v1/traces (application/json) in part: 1 span rejected: span 1: ',
    ),
  ])
})

it('logs requests that are not let in', async () => {
  await post('/v1/traces', { ...json, origin: 'https://elsewhere.example' })
  expect(lines).toEqual([expect.stringMatching(/with 403: T2_API_ORIGIN: .*--cors-origin/)])
})

it('tells a gRPC exporter, which speaks HTTP/2, in the log', async () => {
  const session = connectHttp2(collector.url)
  session.on('error', none)
  session.request({ ':method': 'POST', ':path': '/' }).on('error', none).end()
  await new Promise((resolve) => session.once('close', resolve))
  expect(lines).toEqual([expect.stringContaining('A gRPC exporter connected.')])
  expect(lines[0]).toContain(`http/protobuf and OTEL_EXPORTER_OTLP_ENDPOINT=${collector.url}`)
})

it('answers what is no HTTP, and goes on', async () => {
  const socket = connect(Number(new URL(collector.url).port), '127.0.0.1')
  socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
  const [answer] = await once(socket, 'data')
  expect(String(answer)).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
  expect(String(answer)).toContain('OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf')
  await once(socket, 'close')
  expect(await post('/v1/traces')).toMatchObject({ status: 200 })
})

it('tells in the log who speaks TLS where there is none', async () => {
  const socket = connectTls(Number(new URL(collector.url).port), '127.0.0.1')
  await once(socket, 'error')
  expect(lines).toEqual([expect.stringContaining('speaks no TLS here')])
})

it('tells in the log who speaks plain HTTP where there is TLS', async () => {
  await using secure = await startCollector({
    db: ':memory:',
    port: 0,
    security: { tls: { ...testCertificate } },
  })
  await expect(fetch(secure.url.replace('https:', 'http:'))).rejects.toThrow()
  expect(lines).toEqual([expect.stringContaining('The collector speaks TLS: send to https:')])
})

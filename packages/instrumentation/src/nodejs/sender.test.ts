import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node'
import { expect, onTestFinished, test, vi } from 'vitest'
import { destinationOf } from './destination.ts'
import { senderTo } from './sender.ts'

function spansOf(count: number): ReadableSpan[] {
  const exporter = new InMemorySpanExporter()
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  for (let n = 0; n < count; n++) provider.getTracer('test').startSpan(`span ${n}`).end()
  return exporter.getFinishedSpans()
}

async function listen(server: Server): Promise<number> {
  server.listen(0, 'localhost')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

const senderOf = (endpoint: string, timeoutMs = 700) =>
  senderTo({ ...destinationOf(endpoint), timeoutMs })

test.each<[number, object]>([
  [200, { kind: 'taken' }],
  [202, { kind: 'taken' }],
  [302, { kind: 'refused', reason: 'status 302: because' }],
  [400, { kind: 'refused', reason: 'status 400: because' }],
  [401, { kind: 'refused', reason: 'status 401: because' }],
  [413, { kind: 'refused', reason: 'status 413: because' }],
  [500, { kind: 'refused', reason: 'status 500: because' }],
  [429, { kind: 'busy', reason: expect.stringContaining('429') }],
  [502, { kind: 'busy', reason: expect.stringContaining('502') }],
  [503, { kind: 'busy', reason: expect.stringContaining('503') }],
  [504, { kind: 'busy', reason: expect.stringContaining('504') }],
])('a receiver that says %i lives', async (status, answer) => {
  const port = await listen(
    createHttpServer((_request, response) => response.writeHead(status).end('because')),
  )
  const sender = senderOf(`http://localhost:${port}`)
  expect(sender.isLiving()).toBe(false)
  expect(await sender.send(spansOf(1))).toEqual(answer)
  expect(sender.isLiving()).toBe(true)
})

test.each<[string, RequestListener]>([
  ['says nothing', () => undefined],
  ['breaks off', (request) => request.socket.destroy()],
])('a receiver that %s is silent', async (_what, listener) => {
  const sender = senderOf(`http://localhost:${await listen(createHttpServer(listener))}`)
  expect(await sender.send(spansOf(1))).toMatchObject({ kind: 'silent' })
  expect(sender.isLiving()).toBe(false)
})

test('an end of all requests under way is no reason to try them again', async () => {
  let requests = 0
  let sender: ReturnType<typeof senderOf> | undefined
  const port = await listen(
    createHttpServer(() => {
      requests++
      sender?.giveUp()
    }),
  )
  sender = senderOf(`http://localhost:${port}`, 60_000)
  expect(await sender.send(spansOf(1))).toMatchObject({ kind: 'silent' })
  expect(requests).toBe(1)
})

test('spans that cannot be written are refused, so that they do not come again', async () => {
  const unreadable: ReadableSpan = Object.create(null, {
    resource: {
      get() {
        throw new Error('unreadable')
      },
    },
  })
  const sender = senderOf('http://localhost:1')
  expect(await sender.send([unreadable])).toEqual({ kind: 'refused', reason: 'unreadable' })
})

test('an address that is none is a failure, not an exception', async () => {
  for (const endpoint of ['localhost:4318', 'http://', 'file:///etc', 'no address']) {
    expect(await senderOf(endpoint).send(spansOf(1))).toMatchObject({
      kind: expect.stringMatching(/^(refused|silent)$/),
    })
  }
})

test('the certificates of the environment hold', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'trace2-tls-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const key = join(directory, 'key.pem')
  const cert = join(directory, 'cert.pem')
  execFileSync(
    'openssl',
    `req -x509 -newkey rsa:2048 -nodes -keyout ${key} -out ${cert} -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost`.split(
      ' ',
    ),
    { stdio: 'ignore' },
  )
  const own = { key: await readFile(key), cert: await readFile(cert) }
  const options = { ...own, ca: own.cert, requestCert: true, rejectUnauthorized: true }
  const port = await listen(createHttpsServer(options, (_request, response) => response.end('{}')))
  const url = `https://localhost:${port}`
  expect(await senderOf(url).send(spansOf(1))).toMatchObject({ kind: 'silent' })
  onTestFinished(() => void vi.unstubAllEnvs())
  vi.stubEnv('OTEL_EXPORTER_OTLP_CERTIFICATE', cert)
  expect(await senderOf(url).send(spansOf(1))).toMatchObject({ kind: 'silent' })
  vi.stubEnv('OTEL_EXPORTER_OTLP_CLIENT_KEY', key)
  vi.stubEnv('OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE', cert)
  expect(await senderOf(url).send(spansOf(1))).toEqual({ kind: 'taken' })
})

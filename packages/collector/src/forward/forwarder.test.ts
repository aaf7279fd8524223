import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { DiagLogLevel, diag } from '@opentelemetry/api'
import {
  contentTypes,
  decodeLogs,
  decodeTraces,
  encodeTraces,
  type OtlpEncoding,
  type Signal,
  transcode,
} from '@trace2/store/otlp'
import { describe, expect, it, onTestFinished } from 'vitest'
import { span, spanId, traceId } from '../../../store/src/testing/spans.ts'
import { temporaryDirectory } from '../../../store/src/testing/temporary.ts'
import { startCollector } from '../collector.ts'
import { exportResponse } from '../http/otlp-status.ts'
import { Journal } from '../journal/journal.ts'
import { type Arrived, type OtlpTarget, startTarget } from '../testing/otlp-target.ts'
import { deliver } from './deliver.ts'
import { Forwarder } from './forwarder.ts'
import { addressOf, type ForwardTarget } from './target.ts'

const base = temporaryDirectory()
let count = 0

const directory = () => join(base, `journal-${count++}`)

async function target(...args: Parameters<typeof startTarget>): Promise<OtlpTarget> {
  const started = await startTarget(...args)
  onTestFinished(() => started.close())
  return started
}

async function journalAt(path: string): Promise<Journal> {
  const journal = await Journal.open(path)
  onTestFinished(() => journal.close())
  return journal
}

/** Where this test's refused requests are kept. */
const refusedIn = (path: string) => join(path, 'refused')

function start(journal: Journal, to: ForwardTarget, path = directory()): Forwarder {
  const forwarder = new Forwarder(journal, to, refusedIn(path))
  onTestFinished(() => forwarder.stop())
  forwarder.wake()
  return forwarder
}

const spansOf = (...ns: number[]) =>
  ns.map((n) => ({ traceId: traceId('a'), spanId: spanId(`${n}`), name: `${n}` }))
const traces = (...ns: number[]) => ({
  resourceSpans: [{ scopeSpans: [{ spans: spansOf(...ns) }] }],
})
const logs = (...ns: number[]) => ({
  resourceLogs: [
    { scopeLogs: [{ logRecords: spansOf(...ns).map(({ name }) => ({ eventName: name })) }] },
  ],
})

function append(journal: Journal, request: object, encoding: OtlpEncoding = 'json') {
  const signal: Signal = 'resourceLogs' in request ? 'logs' : 'traces'
  const json = Buffer.from(JSON.stringify(request))
  const { body } = transcode(signal, json, 'json', encoding)
  return journal.append({ signal, encoding, receivedNs: 1n, body })
}

/** Names of the spans and log records in a request. */
function namesIn({ path, headers, body }: Omit<Arrived, 'status'>): number[] {
  const encoding = headers['content-type'] === 'application/json' ? 'json' : 'protobuf'
  const records = path.endsWith('/v1/logs')
    ? decodeLogs(body, encoding).records
    : decodeTraces(body, encoding).spans
  return records.map(({ name }) => Number(name))
}

/** The same of all requests that a target took, request by request. */
const taken = ({ arrived }: OtlpTarget) =>
  arrived.filter(({ status }) => status === 200).map(namesIn)

const soon = { headers: { 'retry-after': '0' } }

describe('forwarding', () => {
  it('sends everything in order, as it came, with the headers of the target', async () => {
    const to = await target()
    const journal = await journalAt(directory())
    const forwarder = start(journal, { url: to.url, headers: { 'x-key': 'secret' } })
    for (let n = 1; n <= 5; n++) await append(journal, n % 2 ? traces(n) : logs(n))
    await append(journal, traces(6), 'protobuf')
    forwarder.wake()
    await expect.poll(() => taken(to)).toEqual([[1], [2], [3], [4], [5], [6]])
    expect(to.arrived[0]).toMatchObject({
      path: '/v1/traces',
      headers: { 'content-type': 'application/json', 'x-key': 'secret' },
    })
    expect(to.arrived[0]?.body.toString()).toBe(JSON.stringify(traces(1)))
    expect(to.arrived[1]?.path).toBe('/v1/logs')
    expect(to.arrived[5]?.headers['content-type']).toBe('application/x-protobuf')
  })

  it('waits for a target that is down or overloaded, and loses nothing', async () => {
    const down = await target()
    await down.close()
    const journal = await journalAt(directory())
    const forwarder = start(journal, { url: down.url })
    for (let n = 1; n <= 3; n++) await append(journal, traces(n))
    forwarder.wake()
    await expect.poll(() => forwarder.counts.retries).toBeGreaterThan(0)
    const busy = [503, 429, 502, 504, 401].map((status) => ({ status, ...soon }))
    const up = await target(busy, down.port)
    await expect.poll(() => taken(up)).toEqual([[1], [2], [3]])
    await expect.poll(() => forwarder.counts).toMatchObject({ delivered: 3, refused: 0 })
  })

  it.each([
    ['seconds', () => '1'],
    ['a date', () => new Date(Date.now() + 1500).toUTCString()],
  ])('comes back when the target says, in %s, and not before', async (unit, retryAfter) => {
    const times: number[] = []
    const to = await target(() => {
      times.push(performance.now())
      if (times.length > 1) return { status: 200 }
      return { status: 503, headers: { 'retry-after': retryAfter() } }
    })
    const journal = await journalAt(directory())
    const forwarder = start(journal, { url: to.url })
    await append(journal, traces(1))
    forwarder.wake()
    await expect.poll(() => taken(to)).toEqual([[1]])
    const [first = 0, second = 0] = times
    // Without the header it comes back after 400 to 600 ms; dates have whole seconds.
    expect(second - first).toBeGreaterThan(unit === 'seconds' ? 950 : 450)
  })

  it('goes on after a restart where it was', async () => {
    const to = await target()
    const path = directory()
    const journal = await Journal.open(path)
    const first = new Forwarder(journal, { url: to.url }, base)
    await append(journal, traces(1))
    first.wake()
    await expect.poll(() => taken(to)).toEqual([[1]])
    await expect.poll(() => first.next).toBe(2)
    await first.stop()
    await append(journal, traces(2))
    await journal.close()
    start(await journalAt(path), { url: to.url })
    await expect.poll(() => taken(to)).toEqual([[1], [2]])
  })

  it.each([
    [400, 'no such field'],
    [302, ''],
    [404, 'nothing here'],
  ])('keeps what a target refuses with %i, with its words, and goes on', async (status, words) => {
    const headers = { location: 'https://elsewhere.test/', 'content-type': 'text/plain' }
    const to = await target([{ status, headers, body: words }])
    const journal = await journalAt(directory())
    const path = directory()
    const forwarder = start(journal, { url: to.url }, path)
    await append(journal, logs(1))
    await append(journal, traces(2))
    forwarder.wake()
    await expect.poll(() => taken(to)).toEqual([[2]])
    await expect.poll(() => forwarder.counts).toMatchObject({ delivered: 1, refused: 1 })
    const [own = ''] = readdirSync(refusedIn(path))
    const kept = join(refusedIn(path), own)
    expect(readdirSync(kept).sort()).toEqual(['000000000001.logs.json', '000000000001.reason.txt'])
    expect(readFileSync(join(kept, '000000000001.logs.json'), 'utf8')).toBe(JSON.stringify(logs(1)))
    const reason = readFileSync(join(kept, '000000000001.reason.txt'), 'utf8')
    expect(reason).toContain(`${status}`)
    expect(reason).toContain(words)
  })

  it.each(['json', 'protobuf'] as const)(
    'sends in parts, in order, what is too large, in %s',
    async (encoding) => {
      const to = await target((request) => {
        const names = namesIn(request)
        return { status: names.length > 2 || names.includes(7) ? 413 : 200 }
      })
      const journal = await journalAt(directory())
      const path = directory()
      const forwarder = start(journal, { url: to.url, encoding }, path)
      await append(journal, traces(1, 2, 3, 4, 5, 6, 7), 'protobuf')
      await append(journal, logs(8, 9, 10), 'json')
      forwarder.wake()
      await expect.poll(() => taken(to)).toEqual([[1], [2, 3], [4, 5], [6], [8], [9, 10]])
      await expect.poll(() => forwarder.counts).toMatchObject({ delivered: 6, refused: 1 })
      const [own = ''] = readdirSync(refusedIn(path))
      expect(readdirSync(join(refusedIn(path), own))).toContain(
        `000000000001-2-2-2.traces.${encoding === 'json' ? 'json' : 'pb'}`,
      )
    },
  )

  it.each([
    ['json', 'protobuf'],
    ['protobuf', 'json'],
  ] as const)('turns %s into %s for a target that takes nothing else', async (from, to) => {
    const receiver = await target()
    const journal = await journalAt(directory())
    const forwarder = start(journal, { url: `${receiver.url}/v1/traces`, encoding: to })
    for (const request of [traces(1, 2), logs(3)]) await append(journal, request, from)
    await append(journal, traces(4), to)
    forwarder.wake()
    await expect.poll(() => taken(receiver)).toEqual([[1, 2], [3], [4]])
    const types = receiver.arrived.map(({ headers }) => headers['content-type'])
    expect(new Set(types)).toEqual(new Set([contentTypes[to]]))
    expect(receiver.arrived.map(({ path }) => path)).toEqual([
      '/v1/traces',
      '/v1/logs',
      '/v1/traces',
    ])
    expect(forwarder.counts.lostFields).toBe(0)
  })

  it('counts the fields that the encoding of the target cannot carry', async () => {
    const to = await target()
    const journal = await journalAt(directory())
    const forwarder = start(journal, { url: to.url, encoding: 'protobuf' })
    await append(journal, { ...traces(1), future: true })
    forwarder.wake()
    await expect.poll(() => taken(to)).toEqual([[1]])
    expect(forwarder.counts.lostFields).toBe(1)
  })

  it.each(['json', 'protobuf'] as const)(
    'counts what a target takes in part only, in %s',
    async (encoding) => {
      const headers = { 'content-type': contentTypes[encoding] }
      const partial = { rejected: 2, message: 'too old' }
      const body = exportResponse(encoding, partial, 'rejectedLogRecords')
      const to = await target([
        { status: 200, headers, body },
        { status: 200, headers, body: '<html>' },
      ])
      const journal = await journalAt(directory())
      const forwarder = start(journal, { url: to.url })
      for (const request of [logs(1, 2, 3), traces(4)]) await append(journal, request)
      forwarder.wake()
      await expect.poll(() => forwarder.counts.delivered).toBe(2)
      await expect.poll(() => forwarder.counts).toMatchObject({ rejected: 2, refused: 0 })
    },
  )

  it('packs what it sends, and leaves out what the target does not want', async () => {
    const to = await target()
    const journal = await journalAt(directory())
    const forwarder = start(journal, { url: to.url, compression: 'gzip', signals: ['traces'] })
    for (const request of [logs(1), traces(2), logs(3), traces(4)]) await append(journal, request)
    forwarder.wake()
    await expect.poll(() => taken(to)).toEqual([[2], [4]])
    expect(to.arrived[0]?.headers['content-encoding']).toBe('gzip')
    await expect.poll(() => forwarder.next).toBe(5)
  })

  it('holds up neither the intake nor the other targets when one is down for good', async () => {
    const down = await target()
    await down.close()
    const up = await target()
    const collector = await startCollector({
      db: join(base, `quota-${count}.duckdb`),
      port: 0,
      journalQuotaBytes: 4_000_000,
      forward: [{ url: down.url }, { url: up.url }],
    })
    onTestFinished(() => collector.close())
    const filler = 'x'.repeat(100_000)
    const requests = 120
    const headers = { 'content-type': 'application/x-protobuf' }
    for (let n = 1; n <= requests; n++) {
      const body = Buffer.from(encodeTraces([span({ id: `${n}`, attributes: { filler } })]))
      // What a stock exporter does when it is told to wait.
      for (let status = 503; status !== 200; ) {
        ;({ status } = await fetch(`${collector.url}/v1/traces`, { method: 'POST', headers, body }))
        expect([200, 503]).toContain(status)
        if (status === 503) await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }
    const forwarded = (i: number) => collector.stats().forwarded[i]
    await expect.poll(() => forwarded(1)?.delivered).toBe(requests)
    expect(collector.stats().received.accepted).toBe(requests)
    expect(forwarded(0)?.abandoned).toBeGreaterThan(0)
    expect(forwarded(0)?.abandoned).toBeLessThan(requests)
    expect(forwarded(1)?.abandoned).toBe(0)
    const { rows } = await collector.store.sql('SELECT count(*) FROM v_span')
    expect(rows).toEqual([[requests]])
  })

  it('says once that a target does not answer, and once that it does again', async () => {
    const said: string[] = []
    const say = (message: string) => void said.push(message)
    const logger = { error: say, warn: say, info: say, debug: say, verbose: say }
    diag.setLogger(logger, { logLevel: DiagLogLevel.INFO, suppressOverrideMessage: true })
    onTestFinished(() => diag.disable())
    const to = await target([
      { status: 503, ...soon },
      { status: 503, ...soon },
    ])
    const url = new URL(to.url)
    url.username = 'me'
    url.password = 'secret'
    const journal = await journalAt(directory())
    const forwarder = start(journal, { url: url.href })
    await append(journal, traces(1))
    forwarder.wake()
    await expect.poll(() => taken(to)).toEqual([[1]])
    expect(said).toEqual([
      `${to.url}/ takes no requests and is tried again: 503 Service Unavailable`,
      `${to.url}/ takes requests again.`,
    ])
    const credentials = Buffer.from('me:secret').toString('base64')
    expect(to.arrived[0]?.headers.authorization).toBe(`Basic ${credentials}`)
  })
})

it('tries again where a target takes a request and never answers', async () => {
  // Garbage is collected meanwhile: a limit that only the request refers to would be collected with it.
  setFlagsFromString('--expose-gc')
  const collectGarbage: unknown = runInNewContext('gc')
  const timer = setInterval(() => typeof collectGarbage === 'function' && collectGarbage(), 20)
  const server = createServer(() => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    clearInterval(timer)
    server.close().closeAllConnections()
  })
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  const outgoing = {
    signal: 'traces',
    address: `${url}/v1/traces`,
    packable: true,
    encoding: 'json',
    body: Buffer.from('{}'),
  } as const
  const delivery = await deliver({ url }, outgoing, new AbortController().signal, 200)
  expect(delivery).toMatchObject({ outcome: 'retry', reason: 'Error: no answer in 200 ms' })
})

it.each([
  ['a value with a line break', 'http://host', { authorization: 'Bearer top\nsecret' }],
  ['a name with a space', 'http://host', { 'top secret': 'x' }],
  ['a credential that is not percent-encoded', 'http://me:top%secret@host', {}],
])('refuses to start with a header of %s, and does not repeat it', async (_what, url, headers) => {
  const refused = startCollector({ db: ':memory:', forward: [{ url, headers }] })
  await expect(refused).rejects.toMatchObject({
    code: 'T2_CONFIG',
    message: expect.not.stringMatching(/secret[^"]/),
  })
})

it.each([
  ['no address', [{ url: 'foo' }]],
  ['no host', [{ url: 'http://' }]],
  ['another protocol', [{ url: 'grpc://host:4317' }]],
  ['another protocol and credentials', [{ url: 'grpc://me:secret@host:4317' }]],
  ['a store in memory', [{ url: 'http://host' }]],
  ['itself', [{ url: 'http://localhost:4318' }]],
  ['itself by number', [{ url: 'http://127.0.0.1:4318/v1/traces' }]],
  ['the same twice', [{ url: 'http://host' }, { url: 'http://host' }]],
])('refuses to start with targets of %s', async (_what, forward) => {
  await expect(startCollector({ db: ':memory:', forward })).rejects.toMatchObject({
    code: 'T2_CONFIG',
    message: expect.stringMatching(/^forward: (?!.*secret)/),
  })
})

it.each([
  ['http://host:4318', 'http://host:4318/v1/traces'],
  ['http://host:4318/', 'http://host:4318/v1/traces'],
  ['https://host/api/public/otel', 'https://host/api/public/otel/v1/traces'],
  ['https://host/v1/logs', 'https://host/v1/traces'],
  ['https://me:key@host/otlp/?team=1', 'https://host/otlp/v1/traces?team=1'],
  ['https://host/otlp#second', 'https://host/otlp/v1/traces'],
])('sends the traces for %s to %s', (url, address) => {
  expect(addressOf(url, 'traces')).toBe(address)
})

import { createServer } from 'node:http'
import { join } from 'node:path'
import { encodeTraces } from '@trace2/store/otlp'
import { afterEach, expect, it } from 'vitest'
import { span } from '../../../store/src/testing/spans.ts'
import { temporaryDirectory } from '../../../store/src/testing/temporary.ts'
import { type Collector, type CollectorOptions, startCollector } from '../collector.ts'
import { readinessOf } from '../health/health.ts'

const directory = temporaryDirectory()
let collector: Collector

afterEach(() => collector.close())

async function start(name: string, options: Partial<CollectorOptions> = {}) {
  const db = join(directory, `${name}.duckdb`)
  collector = await startCollector({ db, port: 0, ...options })
}

/** Samples of the exposition format by name and labels. */
async function scrape(): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(`${collector.url}/metrics`)
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  const lines = (await response.text()).split('\n').filter((line) => /^[a-z]/.test(line))
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ')
      return [line.slice(0, at), Number(line.slice(at + 1))]
    }),
  )
}

function send(body: Uint8Array) {
  const headers = { 'content-type': 'application/x-protobuf' }
  const options = { method: 'POST', headers, body: Buffer.from(body) }
  return fetch(`${collector.url}/v1/traces`, options)
}

it('counts what came in and what became of it', async () => {
  await start('counts')
  const body = encodeTraces([span({ id: '1' }), span({ id: '2' })])
  await send(body)
  await send(body)
  await send(encodeTraces([{ ...span({ id: '3' }), traceId: '0'.repeat(32) }]))
  await collector.store.runs()
  await expect.poll(async () => (await scrape()).get('trace2_spans_duplicate_total')).toBe(2)
  const samples = await scrape()
  expect(samples.get('trace2_spans_accepted_total')).toBe(4)
  expect(samples.get('trace2_spans_rejected_total')).toBe(1)
  expect(samples.get('trace2_spans_stored_total')).toBe(2)
  expect(samples.get('trace2_consumer_backlog{consumer="store"}')).toBe(0)
  expect(samples.get('trace2_consumer_lag_seconds{consumer="store"}')).toBe(0)
  expect(samples.get('trace2_store_commit_seconds')).toBeGreaterThan(0)
  expect(samples.get('trace2_http_request_seconds_count{route="/v1/traces",status="200"}')).toBe(3)
})

it('tells what became of what is forwarded, without the credentials in an address', async () => {
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/v1/traces' ? 200 : 400).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const url = `http://127.0.0.1:${port}/?key=secret`
  await start('forward', { forward: [{ url: `http://127.0.0.1:${port}` }, { url }] })
  await send(encodeTraces([span({ id: '1' })]))
  const target = `http://127.0.0.1:${port}/`
  await expect
    .poll(async () => (await scrape()).get(`trace2_forward_delivered_total{target="${target}"}`))
    .toBeGreaterThan(0)
  await expect
    .poll(async () => (await scrape()).get(`trace2_consumer_backlog{consumer="${target}"}`))
    .toBe(0)
  // Two that differ only in what is not shown are two.
  expect((await scrape()).get(`trace2_consumer_backlog{consumer="${target} 2"}`)).toBeDefined()
  expect(await (await fetch(`${collector.url}/metrics`)).text()).not.toContain('secret')
  await new Promise((resolve) => server.close(resolve).closeAllConnections())
})

it('has a bounded number of series, whatever is asked for', async () => {
  await start('bounded')
  for (let i = 0; i < 20; i++) await fetch(`${collector.url}/anything/${i}`)
  const routes = [...(await scrape()).keys()].filter((name) => name.includes('_count{route='))
  expect(routes).toEqual(['trace2_http_request_seconds_count{route="other",status="404"}'])
})

it('counts who was not let in', async () => {
  await start('refused')
  await fetch(`${collector.url}/v1/traces`, { method: 'POST', headers: { origin: 'https://a.b' } })
  expect((await scrape()).get('trace2_http_refused_total{code="T2_API_ORIGIN"}')).toBe(1)
})

it('is alive, and ready as long as the journal has room', async () => {
  await start('ready', { journalQuotaBytes: 1_000_000 })
  const probe = async (path: string) => (await fetch(collector.url + path)).status
  expect([await probe('/healthz'), await probe('/readyz')]).toEqual([200, 200])
  const full = {
    ...collector.stats(),
    journal: { entries: 1, bytes: 990_000, quotaBytes: 1e6, removed: false },
  }
  expect(readinessOf(full, false).reasons).toEqual(['the journal is full'])
  expect(readinessOf(collector.stats(), true).reasons).toEqual(['the collector is closing'])
})

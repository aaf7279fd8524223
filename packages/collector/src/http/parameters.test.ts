import { rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { parameter, pollParameters } from '@trace2/instrumentation'
import type { Store } from '@trace2/store'
import { expect, it, onTestFinished } from 'vitest'
import { temporaryDirectory } from '../../../store/src/testing/temporary.ts'
import { type CollectorOptions, startCollector } from '../collector.ts'

const directory = temporaryDirectory()

async function start(options: Partial<CollectorOptions> = {}) {
  const collector = await startCollector({ db: ':memory:', port: 0, ...options })
  onTestFinished(() => collector.close())
  return { ...collector, address: `${collector.url}/api/v1/parameters` }
}

async function poll(url: string, headers: Record<string, string> = {}) {
  const stop = await pollParameters({ url, headers, intervalMs: 50 })
  onTestFinished(stop)
}

const target = 'trace2.parameters.json'

/** What accepting a proposal leaves in a store. */
async function deploy(store: Store, name: string, value: string | null) {
  const known = { description: '', schema: null, trainable: true }
  const version =
    value === null ? null : (await store.addParameterVersion({ name, value, ...known })).version
  const action = value === null ? 'rollback' : 'accept'
  const previousVersion = null
  await store.addDeployment({
    parameter: name,
    version,
    previousVersion,
    proposal: null,
    action,
    target,
  })
}

it('tells agents what was accepted last, until it is taken back', async () => {
  const { store, address } = await start()
  const tone = parameter('served.tone', 'warm')
  await poll(address)
  expect(tone.value).toBe('warm')
  await deploy(store, 'served.tone', 'plain')
  await deploy(store, 'served.tone', 'short')
  await expect.poll(() => tone.value).toBe('short')
  await deploy(store, 'served.tone', null)
  await expect.poll(() => tone.value).toBe('warm')
})

it('tells them what a file says where one is named, as it changes', async () => {
  const parametersFile = join(directory, 'values.json')
  const write = (content: unknown) => writeFileSync(parametersFile, JSON.stringify(content))
  const { store, address } = await start({ parametersFile })
  const depth = parameter('served.depth', 1)
  await deploy(store, 'served.depth', 'not what the file says')
  await poll(address)
  expect(depth.value).toBe(1)
  const variants = [{ value: 7, weight: 2 }]
  write({ trace2: 1, parameters: { 'served.depth': { variants } } })
  await expect.poll(() => depth.value).toBe(7)

  write({ other: 'document' })
  await expect.poll(async () => (await fetch(address)).status).toBe(500)
  expect(await (await fetch(address)).json()).toMatchObject({ code: 'T2_PARAMETERS_SERVED' })
  expect(depth.value).toBe(7)
  rmSync(parametersFile)
  await expect.poll(() => depth.value).toBe(1)
})

it.each([
  ['UTF-8', (text: string) => Buffer.from(`\uFEFF${text}`)],
  ['UTF-16', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
])('reads a file in %s with a byte order mark as an agent does', async (encoding, encoded) => {
  const parametersFile = join(directory, `marked-${encoding}.json`)
  const entries = { 'served.marked': { value: `ü in ${encoding}` } }
  writeFileSync(parametersFile, encoded(JSON.stringify({ trace2: 1, parameters: entries })))
  const { address } = await start({ parametersFile })
  const marked = parameter('served.marked', 'code')
  await poll(address)
  expect(marked.value).toBe(`ü in ${encoding}`)
})

it('sends nothing that an agent has already, and lets nothing be written', async () => {
  const { store, address } = await start()
  await deploy(store, 'served.words', 'ü')
  const first = await fetch(address)
  const etag = first.headers.get('etag') ?? ''
  expect([first.status, first.headers.get('cache-control')]).toEqual([200, 'no-cache'])
  expect(await first.json()).toMatchObject({
    trace2: 1,
    parameters: { 'served.words': { value: 'ü' } },
  })
  for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const again = await fetch(address, { headers: { 'if-none-match': tag } })
    expect([again.status, await again.text()]).toEqual([304, ''])
  }
  const other = await fetch(address, { headers: { 'if-none-match': '"other"' } })
  expect(other.status).toBe(200)
  const head = await fetch(address, { method: 'HEAD' })
  expect([head.status, head.headers.get('etag')]).toEqual([200, etag])
  for (const method of ['PUT', 'PATCH', 'DELETE']) {
    expect((await fetch(address, { method })).status).toBe(400)
  }
})

it('asks for the token like everything else', async () => {
  const token = 'a-token-that-is-long-enough'
  const { store, address } = await start({ security: { tokens: [token] } })
  await deploy(store, 'served.secret', 'known')
  expect((await fetch(address)).status).toBe(401)
  const secret = parameter('served.secret', 'code')
  await poll(address, { authorization: `Bearer ${token}` })
  expect(secret.value).toBe('known')
})

it('gives documents that agents can tell from older ones', async () => {
  const { store, address } = await start()
  const order = parameter('served.order', 'code')
  /** What a cache on the way has kept. */
  const kept: { body: string; type: string }[] = []
  let replayed: number | undefined
  const cache = createServer(async (_request, response) => {
    const known = replayed === undefined ? undefined : kept[replayed]
    if (known) {
      response.setHeader('content-type', known.type).end(known.body)
      return
    }
    const answer = await fetch(address)
    const body = await answer.text()
    kept.push({ body, type: answer.headers.get('content-type') ?? '' })
    response.setHeader('content-type', 'application/json').end(body)
  })
  await new Promise<void>((done) => cache.listen(0, '127.0.0.1', done))
  onTestFinished(() => {
    cache.closeAllConnections()
    cache.close()
  })
  await deploy(store, 'served.order', 'first')
  await poll(`http://127.0.0.1:${(cache.address() as AddressInfo).port}/`)
  expect(order.value).toBe('first')
  await deploy(store, 'served.order', 'second')
  await expect.poll(() => order.value, { timeout: 5_000 }).toBe('second')
  const before = kept.length
  replayed = 0
  await new Promise((done) => setTimeout(done, 300))
  expect([order.value, kept.length]).toEqual(['second', before])
  // A rollback makes a newer document with the older value.
  replayed = undefined
  await deploy(store, 'served.order', 'first')
  await expect.poll(() => order.value, { timeout: 5_000 }).toBe('first')
})

it('gives the same tag to the same values after a restart, under the same name', async () => {
  const db = join(directory, 'issued.duckdb')
  const documents: { tag: string | null; issued: { by: string; sequence: number } }[] = []
  for (let time = 0; time < 2; time++) {
    const collector = await startCollector({ db, port: 0 })
    const answer = await fetch(`${collector.url}/api/v1/parameters`)
    const { issued } = JSON.parse(await answer.text())
    documents.push({ tag: answer.headers.get('etag'), issued })
    await collector.close()
  }
  const [first, second] = documents
  expect(second?.tag).toBe(first?.tag)
  expect(second?.issued.by).toBe(first?.issued.by)
  expect(second?.issued.sequence).toBeGreaterThan(first?.issued.sequence ?? Number.NaN)
})

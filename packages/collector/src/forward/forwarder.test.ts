import { readdirSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { Journal } from '../journal/journal.ts'
import { decodeTraces, type OtlpEncoding } from '../otlp/decode.ts'
import { spanId, traceId } from '../testing/spans.ts'
import { temporaryDirectory } from '../testing/temporary.ts'
import { Forwarder } from './forwarder.ts'
import type { ForwardTarget } from './target.ts'

const base = temporaryDirectory()
const cleanups: (() => unknown)[] = []
let count = 0

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

interface Received {
  readonly path: string
  readonly type: string
  readonly key: string
  readonly body: Buffer
}

/** A receiver that answers with these statuses in turn, then with 200. */
async function target(statuses: number[] = [], port = 0) {
  const received: Received[] = []
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      const status = statuses.shift() ?? 200
      if (status === 200) {
        received.push({
          path: request.url ?? '',
          type: request.headers['content-type'] ?? '',
          key: String(request.headers['x-key']),
          body: Buffer.concat(chunks),
        })
      }
      response.writeHead(status, { 'retry-after': '0' }).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const address = server.address()
  const bound = typeof address === 'object' && address ? address.port : 0
  const close = () => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  }
  cleanups.push(close)
  return { received, close, port: bound, url: `http://127.0.0.1:${bound}` }
}

const directory = () => join(base, `journal-${count++}`)

async function journalAt(path: string): Promise<Journal> {
  const journal = await Journal.open(path)
  cleanups.push(() => journal.close())
  return journal
}

function start(journal: Journal, to: ForwardTarget): Forwarder {
  const forwarder = new Forwarder(journal, to, join(base, 'refused'))
  cleanups.push(() => forwarder.stop())
  forwarder.wake()
  return forwarder
}

const request = (n: number) => ({
  resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: traceId('a'), spanId: spanId(`${n}`) }] }] }],
})

const append = (journal: Journal, n: number, encoding: OtlpEncoding = 'json') =>
  journal.append({
    signal: 'traces',
    encoding,
    receivedNs: 1n,
    body: Buffer.from(JSON.stringify(request(n))),
  })

const sent = ({ received }: { received: Received[] }) =>
  received.map(({ body }) => Number(decodeTraces(body, 'json').spans[0]?.spanId))

describe('forwarding', () => {
  it('sends everything in order, as it came, with the headers of the target', async () => {
    const to = await target()
    const journal = await journalAt(directory())
    const forwarder = start(journal, { url: to.url, headers: { 'x-key': 'secret' } })
    for (let n = 1; n <= 5; n++) await append(journal, n)
    forwarder.wake()
    await expect.poll(() => sent(to)).toEqual([1, 2, 3, 4, 5])
    expect(to.received[0]).toMatchObject({
      path: '/v1/traces',
      type: 'application/json',
      key: 'secret',
    })
    expect(to.received[0]?.body.toString()).toBe(JSON.stringify(request(1)))
  })

  it('waits for a target that is down or overloaded, and loses nothing', async () => {
    const down = await target()
    await down.close()
    const journal = await journalAt(directory())
    const forwarder = start(journal, { url: down.url })
    for (let n = 1; n <= 3; n++) await append(journal, n)
    forwarder.wake()
    await expect.poll(() => forwarder.counts.retries).toBeGreaterThan(0)
    const up = await target([503, 429, 502], down.port)
    await expect.poll(() => sent(up), { timeout: 10_000 }).toEqual([1, 2, 3])
  })

  it('goes on after a restart where it was', async () => {
    const to = await target()
    const path = directory()
    const journal = await Journal.open(path)
    const first = new Forwarder(journal, { url: to.url }, base)
    await append(journal, 1)
    first.wake()
    await expect.poll(() => sent(to)).toEqual([1])
    await first.stop()
    await append(journal, 2)
    await journal.close()
    start(await journalAt(path), { url: to.url })
    await expect.poll(() => sent(to)).toEqual([1, 2])
  })

  it('keeps what a target refuses for good, and goes on', async () => {
    const to = await target([400])
    const journal = await journalAt(directory())
    const forwarder = start(journal, { url: to.url })
    await append(journal, 1)
    await append(journal, 2)
    forwarder.wake()
    await expect.poll(() => sent(to)).toEqual([2])
    expect(forwarder.counts).toMatchObject({ delivered: 1, refused: 1 })
    const [kept = ''] = readdirSync(join(base, 'refused'))
    expect(readdirSync(join(base, 'refused', kept))).toEqual(['1.traces.json'])
  })

  it('turns JSON into protobuf for a target that takes nothing else', async () => {
    const to = await target()
    const journal = await journalAt(directory())
    const forwarder = start(journal, { url: `${to.url}/v1/traces`, encoding: 'protobuf' })
    await append(journal, 7)
    forwarder.wake()
    await expect.poll(() => to.received.length).toBe(1)
    const { type, body } = to.received[0] ?? { type: '', body: Buffer.of() }
    expect(type).toBe('application/x-protobuf')
    expect(decodeTraces(body, 'protobuf').spans[0]?.spanId).toBe(spanId('7'))
  })
})

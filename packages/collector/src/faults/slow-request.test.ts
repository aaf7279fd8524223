import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeTraces } from '@trace2/store/otlp'
import { expect, it, vi } from 'vitest'
import { span } from '../../../store/src/testing/spans.ts'
import { temporaryDirectory } from '../../../store/src/testing/temporary.ts'
import { type ChildCollector, startChildCollector } from '../testing/child-collector.ts'

const directory = temporaryDirectory()

/** Makes the threads of a collector read one text without end: no request that is known takes long. */
const endless = join(directory, 'endless.cjs')
writeFileSync(
  endless,
  `const { isMainThread } = require('node:worker_threads')
   const { parse } = JSON
   if (!isMainThread) JSON.parse = (text, ...rest) => {
     while (String(text).includes('without end'));
     return parse(text, ...rest)
   }`,
)

async function start(db: string): Promise<ChildCollector> {
  vi.stubEnv('NODE_OPTIONS', `--require ${endless}`)
  try {
    return await startChildCollector({ db, options: { readingLimitMs: 1000 }, quiet: true })
  } finally {
    vi.unstubAllEnvs()
  }
}

async function send({ url }: ChildCollector, id: string, input = 'short'): Promise<void> {
  const attributes = { 'trace2.kind': 'op', 'input.value': JSON.stringify({ input }) }
  const response = await fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: Buffer.from(encodeTraces([span({ id, attributes })])),
  })
  expect(response.status).toBe(200)
}

const storedIds = async (collector: ChildCollector) => {
  const answer = await collector.call('sql', 'SELECT span_id FROM v_span ORDER BY span_id')
  const rows: unknown = Reflect.get(Object(answer), 'rows')
  return Array.isArray(rows) ? rows.map(([id]) => String(id).replace(/^0+/, '')) : []
}

async function metric({ url }: ChildCollector, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
}

const readiness = async ({ url }: ChildCollector) => (await fetch(`${url}/readyz`)).json()

it.each(['in order', 'by being killed'])(
  'sets a request aside whose reading does not end, and reads it never again, when it has ended %s',
  { timeout: 120_000 },
  async (way) => {
    const db = join(directory, `${way.replaceAll(' ', '-')}.duckdb`)
    const unstored = `${db}.journal/unstored`
    const collector = await start(db)
    await send(collector, '1')
    await send(collector, '2', 'without end')
    await send(collector, '3')
    await vi.waitFor(async () => expect(await storedIds(collector)).toEqual(['1', '3']), 60_000)
    expect(await metric(collector, 'trace2_store_set_aside_total')).toBe(1)
    const files = readdirSync(unstored).sort()
    expect(files).toEqual([
      expect.stringMatching(/^\d{12}\.reason\.txt$/),
      expect.stringMatching(/^\d{12}\.traces\.pb$/),
    ])
    const [reason = '', request = ''] = files.map((name) => join(unstored, name))
    expect(readFileSync(reason, 'utf8')).toContain('takes more than 1 s to be read')
    expect(readFileSync(request).includes('without end')).toBe(true)

    if (way === 'in order') await collector.stop()
    else await collector.kill()
    const next = await start(db)
    await send(next, '4')
    await vi.waitFor(async () => expect(await storedIds(next)).toEqual(['1', '3', '4']), 60_000)
    expect(await metric(next, 'trace2_store_set_aside_total')).toBe(0)
    expect(await readiness(next)).toMatchObject({
      ready: true,
      warnings: [expect.stringMatching(/^1 request could not be stored.* unstored/)],
    })
    rmSync(unstored, { recursive: true })
    expect(await readiness(next)).toMatchObject({ ready: true, warnings: [] })
    expect(await metric(next, 'trace2_store_restarts_total')).toBe(0)
    await next.stop()
  },
)

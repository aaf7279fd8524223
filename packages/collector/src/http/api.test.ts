import { join } from 'node:path'
import { openStore } from '@trace2/store'
import { expect, it } from 'vitest'
import { openClient } from '../../../store/src/client.ts'
import { temporaryDirectory } from '../../../store/src/testing/temporary.ts'
import { startCollector } from '../collector.ts'
import { answerApi } from './api.ts'
import { BodyRoom } from './body.ts'

const directory = temporaryDirectory()

const call = (body: string) =>
  new Request('http://localhost/api/v1/runs', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })

const limits = { room: new BodyRoom(100), maxBodyBytes: 100 }

it('tells a request that makes no sense from a defect of its own', async () => {
  const store = await openStore(':memory:')
  const answer = (body: string, of = store) => answerApi(call(body), 'runs', of, limits)
  const codeOf = async (response: Response) => [
    response.status,
    Reflect.get(Object(await response.json()), 'code'),
  ]
  expect(await codeOf(await answer('[]}'))).toEqual([400, 'T2_API_REQUEST'])
  expect(await codeOf(await answer(`[${' '.repeat(100)}]`))).toEqual([413, 'T2_API_REQUEST'])
  const broken = { ...store, runs: () => Promise.reject(new TypeError('x is not a function')) }
  expect(await codeOf(await answer('[]', broken))).toEqual([500, 'T2_INTERNAL'])
  const full = { ...store, runs: () => Promise.reject(new Error('ENOSPC: no space left')) }
  expect(await codeOf(await answer('[]', full))).toEqual([503, 'T2_STORE_WRITE'])
  await store.close()
})

it('takes the room for its bodies from that of all requests', async () => {
  const store = await openStore(':memory:')
  const room = new BodyRoom(100)
  const others = room.enter()
  others.take(99)
  const answer = () => answerApi(call('[]'), 'parameters', store, { ...limits, room })
  expect((await answer()).status).toBe(503)
  others.leave()
  expect((await answer()).status).toBe(200)
  // What an answered call took is free again.
  others.take(100)
  await store.close()
})

it('ends a query when the one who asked has gone', async () => {
  await using collector = await startCollector({ db: join(directory, 'a.duckdb'), port: 0 })
  const endless = 'SELECT count(*) FROM range(10000000) a, range(10000000) b'
  const client = openClient(collector.url)
  for (let times = 0; times < 3; times++) {
    const gone = new AbortController()
    const asked = [1, 2, 3].map(() => client.sql(endless, { signal: gone.signal }))
    const where = client.runs({ where: `(${endless}) > 0`, signal: gone.signal })
    setTimeout(() => gone.abort(), 50)
    for (const answer of await Promise.allSettled([...asked, where])) {
      expect(answer).toMatchObject({ reason: { code: 'T2_SQL_ENDED' } })
    }
    expect((await client.sql('SELECT 1')).rows).toEqual([[1]])
  }
})

it('ends a query after the time that the collector is started with', async () => {
  const options = { db: join(directory, 'b.duckdb'), port: 0, queryTimeoutMs: 100 }
  await using collector = await startCollector(options)
  const endless = 'SELECT count(*) FROM range(10000000) a, range(10000000) b'
  await expect(openClient(collector.url).sql(endless)).rejects.toMatchObject({
    code: 'T2_SQL_TIME',
    message: 'The query took longer than 0.1 s.',
  })
})

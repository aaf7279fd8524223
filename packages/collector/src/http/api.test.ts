import { openStore } from '@trace2/store'
import { expect, it } from 'vitest'
import { answerApi } from './api.ts'

const call = (body: string) =>
  new Request('http://localhost/api/v1/runs', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })

it('tells a request that makes no sense from a defect of its own', async () => {
  const store = await openStore(':memory:')
  const answer = (body: string, of = store) => answerApi(call(body), 'runs', of, 100)
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

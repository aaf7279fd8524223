import { afterEach, describe, expect, it } from 'vitest'
import { openStore } from '../../../open.ts'
import type { Store } from '../../../store.ts'
import { span, spanId, traceId } from '../../../testing/spans.ts'

const stores: Store[] = []
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close()
})

describe('the latest runs of a large store', () => {
  it('are those of all runs, whatever the order in which their spans came', async () => {
    const store = await openStore(':memory:')
    stores.push(store)
    // Every tenth run fails, and each has a second span long after its first: 45,000 spans pass the first window.
    const runs = Array.from({ length: 22_500 }, (_, index) => (index * 7919) % 22_500)
    for (let from = 0; from < runs.length; from += 4_500) {
      await store.writeSpans(
        runs.slice(from, from + 4_500).flatMap((run) => {
          const trace = run.toString(16)
          const failed = run % 10 === 0 ? { error: 'no' } : {}
          return [
            span({ trace, id: '1', at: run, ...failed, attributes: {} }),
            span({ trace, id: '2', parent: '1', at: run + 30_000, attributes: {} }),
          ]
        }),
      )
    }
    const latest = await store.runs({ limit: 3 })
    expect(latest.map((run) => run.id)).toEqual(
      [22_499, 22_498, 22_497].map((run) => traceId(run.toString(16))),
    )
    expect(latest[0]).toMatchObject({ spans: 2, spanId: spanId('1') })
    const failing = await store.runs({ where: 'failed', limit: 2 })
    expect(failing.map((run) => run.id)).toEqual(
      [22_490, 22_480].map((run) => traceId(run.toString(16))),
    )
    // More than the windows hold: the whole store is looked at.
    expect(await store.runs({ where: 'failed', limit: 5_000 })).toHaveLength(2_250)
    expect(await store.runs({ where: "name = 'none'" })).toEqual([])
  })
})

it('gives a run the user, the session and the tokens that any of its spans says', async () => {
  const store = await openStore(':memory:')
  stores.push(store)
  const call = (id: string, attributes: Readonly<Record<string, string | number>>) =>
    span({
      ...{ trace: 'a', id, parent: '1' },
      attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'x', ...attributes },
    })
  const tokens = (read: number, thought: number) => ({
    ...{ 'gen_ai.usage.input_tokens': 10, 'gen_ai.usage.output_tokens': 5 },
    'gen_ai.usage.cache_read.input_tokens': read,
    'gen_ai.usage.reasoning.output_tokens': thought,
  })
  await store.writeSpans([
    span({ trace: 'a', id: '1', attributes: { 'gen_ai.operation.name': 'invoke_agent' } }),
    call('2', { ...tokens(4, 1), 'gen_ai.conversation.id': 'c', 'enduser.id': 'ann' }),
    call('3', { ...tokens(6, 2), 'gen_ai.usage.cache_creation.input_tokens': 3 }),
    span({ trace: 'b', id: '1', attributes: { 'user.id': 'bob', 'session.id': 's' } }),
    span({ trace: 'b', id: '2', parent: '1', attributes: {} }),
  ])
  expect(await store.runs({ where: "user_id = 'ann'" })).toMatchObject([
    {
      ...{ user: 'ann', session: 'c', inputTokens: 20, outputTokens: 10 },
      ...{ cacheReadTokens: 10, cacheWriteTokens: 3, reasoningTokens: 3 },
    },
  ])
  expect(await store.runs({ where: "user_id = 'bob'" })).toMatchObject([
    { user: 'bob', session: 's', cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 },
  ])
  const told = await store.sql('SELECT max(user_id), sum(cache_read_tokens) FROM v_span')
  expect(told.rows).toEqual([['bob', 10]])
})

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

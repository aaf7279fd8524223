import { openStore } from '@trace2/store'
import { expect, onTestFinished, test } from 'vitest'
import { gatherRuns } from './gather.ts'
import { keptBackRuns } from './kept-back.ts'

const traceOf = (at: number) =>
  String(at + 1)
    .repeat(32)
    .slice(0, 32)

async function storeOf(splits: readonly ('train' | 'validation' | 'holdout')[]) {
  const store = await openStore(':memory:')
  onTestFinished(() => store.close())
  await store.writeSpans(
    splits.map((_, at) => ({
      traceId: traceOf(at),
      spanId: '1'.repeat(16),
      parentSpanId: undefined,
      traceState: '',
      flags: 0,
      name: 'agent',
      kind: 1,
      startNs: 1_700_000_000_000_000_000n + BigInt(at),
      endNs: 1_700_000_000_000_000_100n + BigInt(at),
      attributes: new Map([['trace2.kind', 'run']]),
      droppedAttributesCount: 0,
      events: [],
      droppedEventsCount: 0,
      links: [],
      droppedLinksCount: 0,
      status: { code: 0, message: '' },
      resource: { attributes: new Map(), droppedAttributesCount: 0, schemaUrl: '' },
      scope: {
        name: '',
        version: '',
        attributes: new Map(),
        droppedAttributesCount: 0,
        schemaUrl: '',
      },
    })),
  )
  for (const at of splits.keys()) {
    await store.addFeedback({ traceId: traceOf(at), spanId: null, name: 'quality', score: 0.5 })
  }
  await store.addDataset({
    name: 'runs',
    origin: 'a test',
    cases: splits.map((split, at) => ({
      id: `c${at}`,
      inputs: { at },
      reference: null,
      feedback: [],
      group: `c${at}`,
      split,
      run: traceOf(at),
      metadata: {},
    })),
  })
  return store
}

test('nothing is learned from runs that a dataset keeps to select and to decide on', async () => {
  const store = await storeOf(['train', 'validation', 'holdout', 'train'])
  expect(await keptBackRuns(store)).toEqual(new Set([traceOf(1), traceOf(2)]))
  let keptBack = 0
  const { digests } = await gatherRuns(store, { onKeptBack: (runs) => (keptBack = runs) })
  expect(digests).toHaveLength(2)
  expect(keptBack).toBe(2)
})

test('where all runs with feedback are kept back, that is said', async () => {
  const store = await storeOf(['holdout', 'validation'])
  await expect(gatherRuns(store, {})).rejects.toMatchObject({
    code: 'T2_NO_FEEDBACK',
    message: expect.stringContaining('a dataset keeps all of them'),
  })
})

import { type Case, openStore } from '@trace2/store'
import { expect, onTestFinished, test } from 'vitest'
import { gatherRuns } from './gather.ts'
import { keptBackRuns } from './kept-back.ts'

const traceOf = (at: number) =>
  String(at + 1)
    .repeat(32)
    .slice(0, 32)

type Inputs = Case['inputs']

function inputOf(inputs: Inputs | undefined): readonly (readonly [string, string])[] {
  return inputs === undefined ? [] : [['input.value', JSON.stringify(inputs)]]
}

async function storeOf(
  splits: readonly Case['split'][],
  asked: (at: number) => Inputs | undefined = () => undefined,
) {
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
      attributes: new Map<string, string>([['trace2.kind', 'run'], ...inputOf(asked(at))]),
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
  expect(await keptBackRuns(store, await store.runs())).toEqual({
    runs: new Set([traceOf(1), traceOf(2)]),
    incomparable: 0,
  })
  let keptBack = 0
  const { digests } = await gatherRuns(store, {
    onKeptBack: ({ runs }) => {
      keptBack = runs.size
    },
  })
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

const ticket = (at: number) =>
  `Ticket ${at}: my parcel has not come though it was sent two weeks ago.`

test.each<[how: string, asked: (at: number) => Inputs, inFile: (at: number) => Inputs]>([
  ['under another name', (at) => ({ ticket: ticket(at) }), (at) => ({ input: ticket(at) })],
  ['under other names', (at) => ({ a: at, b: 'x' }), (at) => ({ id: at, kind: 'x' })],
  ['short, in other case', (at) => ({ q: `No ${at}` }), (at) => ({ input: ` no  ${at}` })],
  [
    'beside others',
    (at) => ({ ticket: ticket(at), urgent: true }),
    (at) => ({ input: ticket(at) }),
  ],
  ['in part', (at) => ({ ticket: ticket(at) }), (at) => ({ text: ticket(at), column: at })],
  ['in a list', (at) => ({ ticket: { body: ticket(at) } }), (at) => ({ input: [ticket(at)] })],
])('what a file keeps back is found among the runs %s', async (_, asked, inFile) => {
  const store = await storeOf(['train', 'train', 'train', 'train'], asked)
  await store.addDataset({
    name: 'file',
    origin: 'cases.jsonl',
    cases: [0, 1, 2].map((at) => ({
      id: `f${at}`,
      inputs: inFile(at),
      reference: null,
      feedback: [],
      group: `f${at}`,
      split: at === 0 ? 'train' : at === 1 ? 'validation' : 'holdout',
      run: null,
      metadata: {},
    })),
  })
  expect(await keptBackRuns(store, await store.runs())).toEqual({
    runs: new Set([traceOf(1), traceOf(2)]),
    incomparable: 0,
  })
})

test('cases that no run can be compared with are told', async () => {
  const store = await storeOf(['train', 'train'], (at) => ({ first: at, second: 'x', third: 'y' }))
  const [one] = (await store.dataset('runs')).cases
  if (!one) throw new Error('There is a case.')
  await store.addDataset({
    name: 'file',
    origin: 'cases.jsonl',
    cases: [{ ...one, id: 'f', inputs: { input: 'yes' }, split: 'holdout', run: null }],
  })
  let told = 0
  await gatherRuns(store, {
    onKeptBack: ({ incomparable }) => {
      told = incomparable
    },
  })
  expect(told).toBe(1)
})

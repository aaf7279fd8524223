import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RunQuery, Store } from '../../../store.ts'
import { experimentOf, trialOf } from '../../../testing/evaluations.ts'
import { type SpanSketch, span, traceId } from '../../../testing/spans.ts'
import { openDatabase } from '../duckdb-store.ts'

let store: Store

beforeEach(async () => {
  store = (await openDatabase(':memory:')).store
})
afterEach(() => store.close())

const uses = (version: string, value = version) => ({
  'trace2.kind': 'run',
  'trace2.param.version.p': version,
  'trace2.param.value.p': JSON.stringify(value),
  'trace2.param.trainable.p': true,
})

const write = (...sketches: readonly SpanSketch[]) => store.writeSpans(sketches.map(span))

const putTrial = (trace: string, experiment = 'e-1') =>
  store.putTrials([trialOf(`t-${trace}`, { experiment, traceId: traceId(trace) })])

const traces = async (query?: RunQuery) =>
  (await store.runs(query)).map((run) => run.traceId.replace(/^0+/, '')).sort()

describe('the run of a trial', () => {
  it.each([
    ['before its spans', true],
    ['after its spans', false],
  ])('is hidden unless it is asked for, marked %s', async (_when, before) => {
    if (before) await putTrial('b')
    await write({ trace: 'a', id: '1' }, { trace: 'b', id: '2', at: 1 })
    if (!before) await putTrial('b')
    await putTrial('c', 'e-2')
    await write({ trace: 'c', id: '3', at: 2 })
    expect(await store.runs()).toMatchObject([{ traceId: traceId('a'), experiment: null }])
    expect(await store.runs({ experiment: 'e-1' })).toMatchObject([
      { traceId: traceId('b'), experiment: 'e-1' },
    ])
    expect(await traces({ experiment: 'none', limit: 0 })).toEqual(['a'])
    expect(await traces({ experiment: 'any' })).toEqual(['b', 'c'])
    expect(await traces({ experiment: 'any', where: "experiment = 'e-2'" })).toEqual(['c'])
    expect(await traces({ experiment: 'e-9' })).toEqual([])
    expect(await traces({ experiment: "e' OR true" })).toEqual([])
    // Who names a run has chosen it.
    expect(await traces({ ids: [traceId('a'), traceId('b')] })).toEqual(['a', 'b'])
    expect(await traces({ ids: [traceId('a'), traceId('b')], experiment: 'none' })).toEqual(['a'])
    expect(await store.findRun(traceId('b'))).toMatchObject({ experiment: 'e-1' })
    expect((await store.graph(traceId('b'))).nodes).toHaveLength(1)
  })

  it('is known by the resource of its spans where it began a trace of its own', async () => {
    await store.putTrials([trialOf('t-1', { experiment: 'e-7' })])
    await write(
      { trace: 'a', id: '1' },
      { trace: 'b', id: '1', resource: { 'trace2.trial': 't-1' } },
      { trace: 'c', id: '1', resource: { 'trace2.trial': 'x', 'trace2.experiment': 'e-8' } },
      { trace: 'd', id: '1', resource: { 'trace2.trial': 'not stored' } },
      { trace: 'e', id: '1', resource: { 'trace2.trial': '', 'trace2.experiment': 5 } },
      // A service of production that takes part in a trial's trace.
      { trace: 'c', id: '2', parent: '1' },
    )
    expect(await traces()).toEqual(['a', 'e'])
    const runs = await store.runs({ experiment: 'any' })
    expect(new Map(runs.map((run) => [run.traceId, run.experiment]))).toEqual(
      new Map([
        [traceId('b'), 'e-7'],
        [traceId('c'), 'e-8'],
        [traceId('d'), 'unknown'],
      ]),
    )
  })

  it('is one of those that are asked for, whichever traces are of which experiment', async () => {
    const experiment = fc.constantFrom('none', 'e-1', 'e-2')
    const source = fc.constantFrom('before', 'after', 'resource')
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(experiment, source), { maxLength: 12 }),
        fc.integer({ min: 0, max: 3 }),
        async (made, limit) => {
          const own = (await openDatabase(':memory:')).store
          const trace = (n: number) => traceId(`abc${n}`)
          const put = (when: string) =>
            own.putTrials(
              made.flatMap(([of, how], n) =>
                of !== 'none' && how === when
                  ? [trialOf(`t-${n}`, { experiment: of, traceId: trace(n) })]
                  : [],
              ),
            )
          await put('before')
          await own.writeSpans(
            made.map(([of, how], n) =>
              span({
                trace: trace(n),
                id: '1',
                at: n,
                ...(of !== 'none' && how === 'resource'
                  ? { resource: { 'trace2.experiment': of } }
                  : {}),
              }),
            ),
          )
          await put('after')
          const wanted = (asked: string) =>
            made
              .flatMap(([of], n) =>
                of === asked || (asked === 'any' && of !== 'none') ? [trace(n)] : [],
              )
              .reverse()
              .slice(0, limit === 0 ? undefined : limit)
          for (const asked of ['none', 'any', 'e-1', 'e-2']) {
            const found = await own.runs({ experiment: asked, limit })
            expect(found.map((run) => run.traceId)).toEqual(wanted(asked))
          }
          await own.close()
        },
      ),
      { numRuns: 15 },
    )
  })

  it('does not stand in the way of the latest production runs, however many come after them', async () => {
    const many = 45_000
    await write({ trace: 'a', id: '1' }, { trace: 'b', id: '1', at: 1 })
    await store.writeSpans(
      Array.from({ length: many }, (_, n) =>
        span({
          trace: `c${n % 100}`,
          id: String(n + 1),
          at: 10 + n,
          resource: { 'trace2.experiment': 'e-1' },
        }),
      ),
    )
    expect(await traces({ limit: 1 })).toEqual(['b'])
    expect(await traces({ limit: 3 })).toEqual(['a', 'b'])
    expect(await traces({ experiment: 'any', limit: 0 })).toHaveLength(100)
  })
})

describe('what a trial used and what was said of it', () => {
  it('does not count for parameters', async () => {
    await putTrial('b')
    await putTrial('c')
    await write(
      { trace: 'a', id: '1', attributes: uses('v1') },
      { trace: 'b', id: '1', at: 1, attributes: uses('v1') },
      { trace: 'c', id: '1', at: 2, attributes: uses('v2') },
    )
    const [parameter] = await store.parameters()
    expect(parameter).toMatchObject({
      version: 'v1',
      versions: 1,
      runs: 1,
      lastUsedAt: (await store.findRun(traceId('a'))).startedAt,
      recent: [{ version: 'v1', runs: 1 }],
    })
    expect(await store.parameterHistory('p')).toMatchObject([{ version: 'v1', runs: 1 }])
    expect(await store.parameterScores('p')).toMatchObject([{ version: 'v1', runs: 1 }])
    // Once production uses it, it is known.
    await write({ trace: 'd', id: '1', at: 3, attributes: uses('v2') })
    expect(await store.parameters()).toMatchObject([{ version: 'v2', versions: 2, runs: 1 }])
  })

  it('hides no version that is accepted after its trials', async () => {
    const { version } = await store.addParameterVersion({
      name: 'q',
      value: 'new',
      trainable: true,
      description: '',
      schema: null,
    })
    await putTrial('b')
    await write(
      { trace: 'a', id: '1', at: 1, attributes: uses('v1', 'old') },
      { trace: 'b', id: '1', attributes: uses(version, 'new') },
    )
    const declared = { name: 'p', value: 'new', trainable: true, description: '', schema: null }
    const added = await store.addParameterVersion(declared)
    expect(added).toMatchObject({ version, runs: 0 })
    expect(await store.addParameterVersion(declared)).toEqual(added)
    const history = await store.parameterHistory('p')
    expect(history.map((one) => one.version)).toEqual(['v1', version])
    const [latest] = await store.parameters()
    expect(latest).toMatchObject({ name: 'p', version })
  })

  it('teaches nothing of the names of feedback', async () => {
    await putTrial('b')
    await write({ trace: 'a', id: '1' }, { trace: 'b', id: '1' })
    const give = (trace: string, name: string, score: number) =>
      store.addFeedback({ traceId: traceId(trace), spanId: null, name, score })
    await give('a', 'n', 0.5)
    await give('b', 'n', 70)
    await give('b', 'm', 1)
    expect(await store.feedbackNames()).toMatchObject([{ name: 'n', pieces: 1, scale: [0, 1] }])
    const { rows } = await store.sql('SELECT name, experiment FROM v_feedback ORDER BY ALL')
    expect(rows).toEqual([
      ['m', 'e-1'],
      ['n', 'e-1'],
      ['n', null],
    ])
  })
})

it('has views for SQL', async () => {
  await store.putExperiment(experimentOf('e-1'))
  await store.putTrials([
    trialOf('t-1', {
      candidate: 'cand',
      score: 0.5,
      traceId: traceId('b'),
      scores: [
        { guide: 'exact', score: 0.5, label: null, comment: 'half', error: null },
        { guide: 'other', score: null, label: null, comment: null, error: 'it threw' },
      ],
    }),
    trialOf('t-2', { scores: [], traceId: '' }),
  ])
  const rows = async (query: string) => (await store.sql(query)).rows
  expect(await rows('SELECT id, candidate, score, trace_id FROM v_trial ORDER BY id')).toEqual([
    ['t-1', 'cand', 0.5, traceId('b')],
    ['t-2', 'base', null, null],
  ])
  expect(await rows('SELECT trial, guide, score, error FROM v_trial_score ORDER BY guide')).toEqual(
    [
      ['t-1', 'exact', 0.5, null],
      ['t-1', 'other', null, 'it threw'],
    ],
  )
  expect(await rows('SELECT proposal, split, item, score FROM v_evaluation ORDER BY id')).toEqual([
    ['p-1', 'validation', 'c1', 0.5],
    ['p-1', 'validation', 'c1', null],
  ])
})

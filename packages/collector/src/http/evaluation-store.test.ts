import { join } from 'node:path'
import type { Case, Store, Trial } from '@trace2/store'
import { openStore } from '@trace2/store'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  caseOf,
  experimentOf,
  lookOf,
  trialOf,
  verdictOf,
} from '../../../store/src/testing/evaluations.ts'
import { temporaryDirectory } from '../../../store/src/testing/temporary.ts'
import { startCollector } from '../collector.ts'

const directory = temporaryDirectory()
let files = 0

/** A store, and how to end what it needs. */
const forms: Record<string, (file: string) => Promise<readonly [Store, () => Promise<unknown>]>> = {
  file: async (file) => {
    const store = await openStore(file)
    return [store, () => store.close()]
  },
  HTTP: async (file) => {
    const collector = await startCollector({ db: file, port: 0 })
    return [await openStore(collector.url), () => collector.close()]
  },
}

describe.each(Object.entries(forms))('over %s', (_form, open) => {
  let store: Store
  let close: () => Promise<unknown>

  beforeEach(async () => {
    ;[store, close] = await open(join(directory, `${files++}.duckdb`))
  })
  afterEach(() => close())

  describe('a dataset', () => {
    it('has a version for each change of its cases, and comes back as it was put', async () => {
      const cases = [
        caseOf('b', { reference: { answer: 'x' }, split: 'holdout', run: 'r', metadata: { a: 1 } }),
        caseOf('a', {
          group: 'group b',
          feedback: [{ name: 'n', score: 0, label: null, comment: 'no', source: 'human' }],
        }),
      ]
      const first = await store.addDataset({ name: 'tickets', origin: 'runs', cases })
      expect(first).toMatchObject({
        name: 'tickets',
        version: 1,
        origin: 'runs',
        counts: {
          cases: 2,
          groups: 1,
          references: 1,
          splits: { train: 1, validation: 0, holdout: 1 },
        },
      })
      const same = { name: 'tickets', origin: 'file', cases: [...cases].reverse() }
      expect(await store.addDataset(same)).toEqual(first)
      const second = await store.addDataset({ ...same, cases: [caseOf('c'), ...cases] })
      expect(second).toMatchObject({ version: 2, origin: 'file' })
      // What it was before is a change too.
      expect(await store.addDataset(same)).toMatchObject({ version: 3, hash: first.hash })
      await store.addDataset({ name: 'empty', origin: 'nothing', cases: [] })
      expect((await store.datasets()).map(({ name, version }) => [name, version])).toEqual([
        ['empty', 1],
        ['tickets', 3],
      ])
      expect(await store.datasetVersions('tickets')).toMatchObject([
        first,
        second,
        { version: 3, hash: first.hash },
      ])
      expect(await store.dataset('tickets', 1)).toEqual({ ...first, cases })
      expect((await store.dataset('tickets')).cases).toEqual(same.cases)
      expect((await store.dataset('empty')).cases).toEqual([])
    })

    it('that is added several times at once has a version for each, or one for all', async () => {
      const add = (n: number) =>
        store.addDataset({ name: 'd', origin: 'o', cases: [caseOf(`c${n}`)] })
      const different = await Promise.all([1, 2, 3, 4].map(add))
      expect(different.map(({ version }) => version).sort()).toEqual([1, 2, 3, 4])
      const same = await Promise.all([9, 9, 9].map(add))
      expect(same.map(({ version }) => version)).toEqual([5, 5, 5])
    })

    it('that there is not is said, with names near it', async () => {
      await store.addDataset({ name: 'tickets', origin: 'o', cases: [] })
      await expect(store.dataset('tikcets')).rejects.toMatchObject({
        code: 'T2_DATASET_UNKNOWN',
        message: expect.stringContaining('tickets'),
      })
      await expect(store.datasetVersions("x' OR true")).rejects.toMatchObject({
        code: 'T2_DATASET_UNKNOWN',
        message: expect.not.stringContaining('tickets'),
      })
      await expect(store.dataset('tickets', 2)).rejects.toMatchObject({
        code: 'T2_DATASET_UNKNOWN',
        message: expect.stringContaining('latest version is 1'),
      })
    })

    it.each(['', 'a b', "'; DROP TABLE x", '../é'])('cannot be called %j', async (name) => {
      await expect(store.addDataset({ name, origin: 'o', cases: [] })).rejects.toMatchObject({
        code: 'T2_DATASET_NAME',
      })
    })

    it.each<[string, readonly unknown[]]>([
      ['no object', [null]],
      ['no id', [caseOf('')]],
      ['the same id', [caseOf('a'), caseOf('a', { inputs: { other: 1 } })]],
      ['inputs that are no roles', [{ ...caseOf('a'), inputs: ['x'] }]],
      ['no group', [{ ...caseOf('a'), group: null }]],
      ['another split', [{ ...caseOf('a'), split: 'test' }]],
    ])('has no case with %s', async (_fault, cases) => {
      const added = { name: 'd', origin: 'o', cases: cases as Case[] }
      await expect(store.addDataset(added)).rejects.toMatchObject({ code: 'T2_DATASET_CASE' })
      expect(await store.datasets()).toEqual([])
    })
  })

  it('experiments are replaced by id, found by prefix, and listed by what they are about', async () => {
    const [a, b] = [
      experimentOf('e-aa1', { createdAt: '2026-11-01T00:00:00.000Z' }),
      experimentOf('e-ab1', { createdAt: '2026-11-02T00:00:00.000Z', candidates: [] }),
    ]
    await store.putExperiment(a)
    await store.putExperiment(b)
    const done = { ...b, status: 'done' as const, endedAt: '2026-11-03T00:00:00.000Z' }
    await store.putExperiment(done)
    expect(await store.experiments()).toEqual([done, a])
    expect(await store.experiments({ proposal: 'p-1' })).toEqual([a])
    expect(await store.experiments({ status: 'done', dataset: 'tickets' })).toEqual([done])
    expect(await store.experiments({ dataset: 'other' })).toEqual([])
    expect(await store.experiment('e-ab')).toEqual(done)
    for (const unknown of ['e-a', 'x', '']) {
      await expect(store.experiment(unknown)).rejects.toMatchObject({
        code: 'T2_EXPERIMENT_UNKNOWN',
      })
    }
  })

  it('trials are replaced by id and listed as they started', async () => {
    const later = trialOf('t-1', { startedAt: '2026-11-01T00:00:02.000Z', outcome: 'started' })
    const first = trialOf('t-2', {
      scores: [{ guide: 'g', score: 0.5, label: null, comment: 'c', error: null }],
      replay: { executed: { a: 1 }, served: {}, fresh: 0, unused: 2, savedUsd: 0.1 },
    })
    await store.putTrials([later, first, trialOf('t-3', { experiment: 'e-2' })])
    expect(await store.trials('e-1')).toEqual([first, later])
    const failed = { ...later, outcome: 'failed' as const, reason: 'it threw', output: null }
    // Of one id the last counts.
    await store.putTrials([later, failed])
    expect(await store.trials('e-1')).toEqual([first, failed])
    await store.putTrials([])
    expect(await store.trials('e-9')).toEqual([])
  })

  it('trials are found by key for other experiments: done ones, the latest of each repeat', async () => {
    const at = (second: number) => `2026-11-01T00:00:0${second}.000Z`
    await store.putTrials([
      trialOf('1', { key: 'k', startedAt: at(1) }),
      trialOf('2', { key: 'k', startedAt: at(3), experiment: 'e-2' }),
      trialOf('3', { key: 'k', startedAt: at(2) }),
      trialOf('4', { key: 'k', startedAt: at(1), repeat: 1 }),
      trialOf('5', { key: 'k', startedAt: at(5), outcome: 'failed' }),
      trialOf('6', { key: 'l', startedAt: at(5), outcome: 'started' }),
      trialOf('7', { key: 'm' }),
    ])
    const found = async (keys: string[]) => (await store.findTrials(keys)).map(({ id }) => id)
    expect((await found(['k', 'l', 'n'])).sort()).toEqual(['2', '4'])
    expect(await found([])).toEqual([])
    expect(await found(Array.from({ length: 5_000 }, (_, n) => `${n}`).concat('m'))).toEqual(['7'])
  })

  it.each([{ id: 5 }, { key: null }, { repeat: -1 }, { repeat: 2 ** 32 }, { repeat: 0.5 }])(
    'a trial with %j is refused, and none that come with it',
    async (fault) => {
      // A client may be any program: what comes as JSON has the type that it says.
      const malformed: Trial = JSON.parse(JSON.stringify({ ...trialOf('t-1'), ...fault }))
      const others = store.putTrials([trialOf('t-2')])
      await expect(store.putTrials([trialOf('t-3'), malformed])).rejects.toMatchObject({
        code: 'T2_TRIAL_INVALID',
      })
      await others
      expect((await store.trials('e-1')).map(({ id }) => id)).toEqual(['t-2'])
    },
  )

  it('many trials at once are all there', async () => {
    const trials = Array.from({ length: 1_500 }, (_, n) => trialOf(`t-${n}`))
    await store.putTrials(trials)
    await Promise.all(trials.slice(0, 50).map((trial) => store.putTrials([trial])))
    const stored = await store.trials('e-1')
    expect(new Map(stored.map((trial) => [trial.id, trial]))).toEqual(
      new Map(trials.map((trial) => [trial.id, trial])),
    )
    expect(await store.findTrials(trials.map(({ key }) => key))).toHaveLength(1_500)
  })

  describe('a look', () => {
    it('is added only by who knows of all before it', async () => {
      await store.addLooks('tickets', [lookOf('l-1'), lookOf('l-2', { candidate: 'two' })], 0)
      await store.addLooks('other', [lookOf('l-3', { dataset: 'other' })], 2)
      // What is another dataset by name may have the same cases.
      for (const [dataset, known] of [
        ['tickets', 2],
        ['other', 1],
      ] as const) {
        await expect(store.addLooks(dataset, [lookOf('l-4')], known)).rejects.toMatchObject({
          code: 'T2_LOOK_CONFLICT',
        })
      }
      const added = await Promise.allSettled(
        ['l-5', 'l-6', 'l-7'].map((id) => store.addLooks('tickets', [lookOf(id)], 3)),
      )
      expect(added.map(({ status }) => status).sort()).toEqual([
        'fulfilled',
        'rejected',
        'rejected',
      ])
      const looks = await store.looks('tickets')
      expect(looks.slice(0, 2)).toEqual([lookOf('l-1'), lookOf('l-2', { candidate: 'two' })])
      expect(looks).toHaveLength(3)
      expect((await store.looks()).map(({ dataset }) => dataset)).toEqual([
        'tickets',
        'tickets',
        'other',
        'tickets',
      ])
    })

    it('is settled once, and earns once for a candidate', async () => {
      const settled = { verdict: 'better', earned: 0.05, left: 0.075 }
      await store.addLooks('tickets', [lookOf('l-1'), lookOf('l-2', { candidate: 'two' })], 0)
      expect(await store.settleLook('l-1', settled)).toEqual({ ...lookOf('l-1'), ...settled })
      const conflict = { code: 'T2_LOOK_CONFLICT' }
      await expect(store.settleLook('l-1', settled)).rejects.toMatchObject(conflict)
      await store.addLooks('tickets', [lookOf('l-3'), lookOf('l-4', { candidate: 'two' })], 2)
      await expect(store.settleLook('l-3', settled)).rejects.toMatchObject(conflict)
      await expect(store.settleLook('l-2', settled)).rejects.toMatchObject(conflict)
      await expect(store.settleLook('none', settled)).rejects.toMatchObject({
        code: 'T2_LOOK_UNKNOWN',
      })
      const unearned = { verdict: 'better', earned: 0, left: 0.075 }
      await store.addLooks('tickets', [lookOf('l-5', { purpose: 'selection' })], 4)
      const both = await Promise.allSettled([
        store.settleLook('l-3', unearned),
        store.settleLook('l-3', unearned),
      ])
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      expect((await store.looks('tickets')).map(({ verdict }) => verdict)).toEqual([
        'better',
        null,
        'better',
        null,
        null,
      ])
    })
  })

  it('verdicts are listed latest first, by proposal and experiment', async () => {
    const first = verdictOf('v-1')
    const second = verdictOf('v-2', {
      createdAt: '2026-11-02T00:00:00.000Z',
      experiment: 'e-2',
      proposals: ['p-2', 'p-3'],
    })
    await store.addVerdict(first)
    await store.addVerdict(second)
    await store.addVerdict({ ...first, verdict: 'worse' })
    expect(await store.verdicts()).toEqual([second, first])
    expect(await store.verdicts({ proposal: 'p-3' })).toEqual([second])
    expect(await store.verdicts({ experiment: 'e-1' })).toEqual([first])
    expect(await store.verdicts({ experiment: 'e-1', proposal: 'p-3' })).toEqual([])
  })
})

it('what agents say comes back whatever it is, but for halves of characters', async () => {
  const store = await openStore(':memory:')
  const whole = (text: string) => text.toWellFormed()
  let n = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: 'binary' })),
      fc.array(fc.constantFrom('\ud800', '\\ud800', '\\', '\udc00', 'u', '"', '\0', '😀')),
      async (texts, parts) => {
        const said = [...texts, parts.join('')]
        const experiment = `e-${n++}`
        const inputs = { said: said.slice(-1)[0] ?? '' }
        await store.putTrials([trialOf(experiment, { experiment, output: said })])
        await store.addDataset({ name: 'd', origin: 'o', cases: [caseOf('a', { inputs })] })
        expect((await store.trials(experiment))[0]?.output).toEqual(said.map(whole))
        expect((await store.dataset('d')).cases[0]?.inputs).toEqual({ said: whole(inputs.said) })
        // The views show it as well.
        const query = `SELECT output FROM v_trial WHERE experiment = '${experiment}'`
        const [[shown] = []] = (await store.sql(query)).rows
        expect(JSON.parse(String(shown))).toEqual(said.map(whole))
      },
    ),
    { numRuns: 50 },
  )
  await store.close()
})

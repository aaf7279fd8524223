import { openStore, type Store } from '@trace2/store'
import { describe, expect, it, onTestFinished } from 'vitest'
import { seeded } from '../numeric/index.ts'
import { trustIn } from './trust-report.ts'

async function emptyStore(): Promise<Store> {
  const store = await openStore(':memory:')
  onTestFinished(() => store.close())
  return store
}

const traceOf = (at: number) => (at + 1).toString(16).padStart(32, '0')

/** So many runs rated by two people, by a judge that sees what they go by, and by one that guesses. */
async function ratedRuns(count: number): Promise<Store> {
  const store = await emptyStore()
  const random = seeded(1)
  for (let at = 0; at < count; at++) {
    const isGood = random() < 0.6
    const on = { traceId: traceOf(at), spanId: null }
    const person = () => (random() < 0.9 ? isGood : !isGood)
    const give = (name: string, source: 'human' | 'model', identifier: string, score: number) =>
      store.addFeedback({ ...on, name, source, identifier, score, scale: [0, 1] })
    await give('quality', 'human', 'anna', Number(person()))
    await give('quality', 'human', 'ben', Number(person()))
    await give('quality', 'model', 'judge-1', 0.4 * Number(isGood) + 0.6 * random())
    await give('tone', 'model', 'judge-2', random())
  }
  return store
}

describe('trust in feedback', () => {
  it('names who rates, how far they agree, which judges are of use, and what each is worth', async () => {
    const store = await ratedRuns(80)
    const [quality, tone] = (await trustIn(store)).toSorted((a, b) => a.name.localeCompare(b.name))
    expect(quality).toMatchObject({ name: 'quality', units: 80, ratedBySeveral: 80 })
    expect(quality?.people?.alpha).toBeGreaterThan(0.4)
    expect(
      quality?.raters.map(({ source, identifier, ratings }) => [source, identifier, ratings]),
    ).toEqual([
      ['human', 'anna', 80],
      ['human', 'ben', 80],
      ['model', 'judge-1', 80],
    ])
    const judge = quality?.raters.find(({ source }) => source === 'model')
    expect(judge).toMatchObject({ quality: { state: 'useful' }, peopleUnder: 'quality' })
    const shares = quality?.raters.map(({ share }) => share ?? 0) ?? []
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1)
    for (const share of shares) expect(share).toBeGreaterThan(0)

    // Under a name that people do not use, a judge is compared with what they said under another one.
    expect(tone).toMatchObject({ ratedBySeveral: 0, agreement: null, people: null })
    expect(tone?.raters).toMatchObject([
      { quality: { state: 'useless' }, peopleUnder: 'quality', share: null },
    ])
    expect(tone?.combined).toEqual([])
  })

  it('combines them into a score that is nearer to the truth than one person is', async () => {
    const store = await ratedRuns(150)
    const [quality] = await trustIn(store, { name: 'quality' })
    const random = seeded(1)
    let [combined, single] = [0, 0]
    const scores = new Map(quality?.combined.map(({ unit, score }) => [unit, score]))
    for (let at = 0; at < 150; at++) {
      const truth = Number(random() < 0.6)
      const anna = random() < 0.9 ? truth : 1 - truth
      for (let skipped = 0; skipped < 3; skipped++) random()
      combined += ((scores.get(`${traceOf(at)}:`) ?? 0) - truth) ** 2
      single += (anna - truth) ** 2
    }
    expect(combined).toBeLessThan(0.75 * single)
  })

  it('takes an identifier that is there once for nobody in particular', async () => {
    const store = await emptyStore()
    for (let at = 0; at < 6; at++) {
      for (const score of [1, at % 2]) {
        await store.addFeedback({
          traceId: traceOf(at),
          spanId: null,
          name: 'thumb',
          score,
          source: 'human',
        })
      }
    }
    const [thumb] = await trustIn(store)
    expect(thumb?.raters).toMatchObject([{ source: 'human', identifier: null, ratings: 12 }])
    expect(thumb).toMatchObject({ ratedBySeveral: 6, agreement: { units: 6, ratings: 12 } })
  })

  it('reads labels by their order where one is declared, and as plain categories otherwise', async () => {
    const store = await emptyStore()
    for (let at = 0; at < 12; at++) {
      for (const identifier of ['anna', 'ben']) {
        const on = { traceId: traceOf(at), spanId: null, source: 'human', identifier } as const
        const mood = ['bad', 'fair', 'good'][
          (at + (identifier === 'ben' && at % 4 === 0 ? 1 : 0)) % 3
        ]
        await store.addFeedback({
          ...on,
          name: 'mood',
          label: mood ?? '',
          scale: ['bad', 'fair', 'good'],
        })
        await store.addFeedback({ ...on, name: 'queue', label: at % 2 === 0 ? 'billing' : 'sales' })
      }
      await store.addFeedback({
        traceId: traceOf(at),
        spanId: null,
        name: 'words',
        comment: 'Fine.',
      })
    }
    const found = await trustIn(store)
    expect(found.map(({ name, agreement }) => [name, agreement?.level]).toSorted()).toEqual([
      ['mood', 'ordinal'],
      ['queue', 'nominal'],
    ])
    const queue = found.find(({ name }) => name === 'queue')
    expect(queue).toMatchObject({ agreement: { alpha: 1 }, combined: [] })
    expect(queue?.raters.map(({ share }) => share)).toEqual([null, null])
  })

  it('of a name that nobody used is an error; of an empty store, nothing', async () => {
    const store = await emptyStore()
    expect(await trustIn(store)).toEqual([])
    await expect(trustIn(store, { name: 'x' })).rejects.toMatchObject({ code: 'T2_FEEDBACK_NAME' })
  })
})

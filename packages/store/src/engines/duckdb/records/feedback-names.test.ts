import { DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { normalizedScore } from '../../../feedback-name.ts'
import { openStore } from '../../../open.ts'
import type { NewFeedback, Store } from '../../../store.ts'
import { span, spanId, traceId } from '../../../testing/spans.ts'
import { temporaryDirectory } from '../../../testing/temporary.ts'
import { sql } from '../sql.ts'
import { firstSchema } from '../testing/first-schema.ts'

const store = await openStore(':memory:')
afterAll(() => store.close())

/** Each test works under names of its own: what a name means is learned from all of the store. */
let prefix = ''
let tests = 0
beforeEach(() => {
  prefix = `t${tests++}.`
})

const give = (name: string, more: Partial<NewFeedback>, to: Store = store) =>
  to.addFeedback({ traceId: traceId('a'), spanId: null, name, ...more })

const named = async (name: string) =>
  (await store.feedbackNames()).find((known) => known.name === name)

describe('a name of feedback that nobody declared', () => {
  it.each([
    ['a thumb', [0, 1, 1], [0, 1]],
    ['only thumbs down', [0, 0], [0, 1]],
    ['shares', [0.2, 0.9], [0, 1]],
    ['minus one to one', [-1, 1, 0], [-1, 1]],
    ['stars', [1, 5, 3], [1, 5]],
    ['one bad star rating', [2], [1, 5]],
    ['half stars', [1.5, 4], [1, 5]],
    ['marks with a zero', [0, 2, 5], [0, 5]],
    ['marks in fractions', [1.2, 4.7], [0, 5]],
    ['marks of ten', [1, 10], [0, 10]],
    ['per cent', [12, 87.5], [0, 100]],
    ['minus five to five', [-5, 3], [-5, 5]],
    ['minus ten to ten', [-7, 3], [-10, 10]],
    ['minus a hundred to a hundred', [-70, 3], [-100, 100]],
    ['anything else', [-3000, 1200], [-3000, 1200]],
    ['one number that could be anything', [1234], null],
    ['huge numbers', [-1.7e308, 1.7e308], [-1.7e308, 1.7e308]],
  ])('has the scale of %s', async (about, scores, scale) => {
    const name = prefix + about
    for (const score of scores) await give(name, { score })
    expect(await named(name)).toMatchObject({
      scale,
      scaleFrom: 'learned',
      direction: 'higher',
      directionFrom: 'usual',
      pieces: scores.length,
      seen: [Math.min(...scores), Math.max(...scores)],
    })
    for (const { name: of, normalized } of await normalizedRows(name)) {
      expect(of).toBe(name)
      if (scale) expect(normalized).toBeGreaterThanOrEqual(0)
      if (scale) expect(normalized).toBeLessThanOrEqual(1)
    }
  })

  it.each([
    ['ones, the best or the worst', [1, 1], null, true],
    ['one good mark', [5], [1, 5], true],
    ['tens', [10, 10, 10], [0, 10], true],
    ['two different stars', [2, 3], [1, 5], false],
    ['noughts: bad on any of them', [0, 0], [0, 1], false],
    ['halves', [0.5, 0.5], [0, 1], false],
    ['thumbs', [1, 0], [0, 1], false],
  ])(
    'is unclear where the scores are on several scales: %s',
    async (about, scores, scale, unclear) => {
      const name = prefix + about
      for (const score of scores) await give(name, { score })
      expect(await named(name)).toMatchObject({
        scale,
        unclear,
        rank: scale ? expect.any(Number) : null,
      })
      if (unclear) {
        await store.declareFeedback({ [name]: { scale: [0, 20] } })
        expect(await named(name)).toMatchObject({ scale: [0, 20], unclear: false })
      }
    },
  )

  it.each([
    'latency',
    'latency_ms',
    'p95Latency',
    'response-latency-p95',
    'totalCostUsd',
    'cost',
    'responseTimeMs',
    'response_time',
    'Response time (ms)',
    'time_to_first_token',
    'timeToFirstToken',
    'time-to-resolution',
    'averageHandlingTime',
    'TTFT',
    'elapsed',
    'first_token_ms',
    'answer.seconds',
    'tool_spend_usd',
    'error_rate',
    'errors',
    'error_count',
    'numErrors',
    'HTTPErrors',
    'word error rate',
    'bugs',
    'bugCount',
    'toxicity',
    'toxicity_score',
    'detoxify.toxicity',
    'hallucination',
    'hallucination_score',
    'isHallucinated',
    'false_positives',
    'policy-violations',
    'RMSE',
    'editDistance',
    'wrong',
    'isWrong',
    'dissatisfaction',
    'customer_dissatisfied',
    'refund_rate',
    'refunded',
    'escalated',
    'escalations',
    'escalation_rate',
    'tokens_used',
    'totalTokens',
    'token_count',
    'p95',
    'p99',
    'rank',
    'mean_rank',
    'unresolved',
    'cancellations',
  ])('is taken for "less is better" by the word %s', async (name) => {
    await give(name, { score: 3 })
    await give(name, { score: 4 })
    expect(await named(name)).toMatchObject({ direction: 'lower', directionFrom: 'name' })
  })

  it.each([
    'low_latency',
    'no_escalation',
    'escalation_avoided',
    'tokens_saved',
    'p95_accuracy',
    'reciprocal_rank',
    'latency_rank',
    'rank_quality',
    'satisfaction',
    'cost effectiveness',
    'costSavings',
    'savings_usd',
    'time_saved',
    'timeSavedMs',
    'latency_score',
    'error handling',
    'error_detection_rate',
    'errorMessageClarity',
    'no_errors',
    'bug_free',
    'bugsFixed',
    'non_toxicity',
    'harmlessness',
    'unbiased',
    'hallucination_free',
    'time',
    'on_time',
    'real-time',
    'timeliness',
    'terror',
    'priceless',
    'debugging',
    'lossless',
    'gloss',
    'quality',
    'status',
    'terms',
  ])('is not, where the word %s leaves a doubt', async (name) => {
    await give(name, { score: 3 })
    await give(name, { score: 4 })
    expect(await named(name)).toMatchObject({ direction: 'higher', directionFrom: 'usual' })
  })

  it.each(['accuracy', 'exact_match', 'thumb', 'thumbsUp', 'isCorrect', 'pass-rate'])(
    'takes a 1 for the best where the word %s says that there is no more',
    async (word) => {
      const name = `${prefix}${word}`
      await give(name, { score: 1 })
      expect(await named(name)).toMatchObject({ scale: [0, 1], unclear: false })
    },
  )

  it.each(['errors', 'bugs', 'hallucination'])(
    'takes a 1 for the worst where less is better: %s',
    async (fault) => {
      const name = `${prefix}${fault}`
      await give(name, { score: 1 })
      expect(await named(name)).toMatchObject({ scale: [0, 1], unclear: false, direction: 'lower' })
      expect(await normalizedRows(name)).toMatchObject([{ normalized: 0 }])
    },
  )

  it('says nothing of what is worse by words and labels alone', async () => {
    await give(`${prefix}words`, { comment: 'Too long.', label: 'long' })
    expect(await named(`${prefix}words`)).toMatchObject({ scale: null, rank: null, labels: 1 })
    expect(await normalizedRows(`${prefix}words`)).toMatchObject([{ normalized: null }])
  })
})

describe('a score that a span carries', () => {
  it.each([
    ['a double', 0.5, 0.5],
    ['an integer', 3n, 3],
    ['a boolean', true, 1],
    ['a boolean that is false', false, 0],
    ['a text', ' 0.25 ', 0.25],
    ['words', 'good', null],
    ['blank', ' ', null],
    ['not a number', Number.NaN, null],
    ['infinity', Infinity, null],
  ])('is read where it is %s', async (about, given, score) => {
    const link = { traceId: traceId('a'), spanId: spanId('1') }
    const own = await openStore(':memory:')
    await own.writeSpans([
      span({
        id: '8',
        attributes: {
          'trace2.kind': 'feedback',
          'gen_ai.evaluation.name': 'carrier',
          'gen_ai.evaluation.score.value': given,
          'gen_ai.evaluation.explanation': about,
        },
        links: [link],
      }),
      span({
        id: '9',
        attributes: {
          'annotations.0.annotation.name': 'annotation',
          'annotations.0.annotation.score': given,
          'annotations.0.annotation.explanation': about,
        },
        links: [link],
      }),
      span({
        id: '7',
        attributes: {
          'trace2.kind': 'feedback',
          'gen_ai.evaluation.name': ' ',
          'gen_ai.evaluation.score.value': 1,
        },
        links: [link],
      }),
    ])
    const stored = (await own.feedback()).map((one) => [one.name, one.score])
    expect(new Map(stored.map(([name, found]) => [name, found]))).toEqual(
      new Map([
        ['carrier', score],
        ['annotation', score],
      ]),
    )
    await own.close()
  })
})

describe('a name of feedback that is declared', () => {
  it('by the program, means what its latest feedback says', async () => {
    const name = `${prefix}mood`
    const carrier = (at: number, scale: readonly string[]) =>
      span({
        trace: String(at),
        id: String(at),
        at,
        attributes: {
          'trace2.kind': 'feedback',
          'gen_ai.evaluation.name': name,
          'gen_ai.evaluation.score.label': 'fair',
          'trace2.feedback.scale': scale,
          'trace2.feedback.weight': 2n,
        },
        links: [{ traceId: traceId('a'), spanId: spanId('1') }],
      })
    await store.writeSpans([carrier(9, ['bad', 'fair', 'good']), carrier(8, ['fair', 'bad'])])
    expect(await named(name)).toMatchObject({
      scale: ['bad', 'fair', 'good'],
      scaleFrom: 'program',
      weight: 2,
      weightFrom: 'program',
    })
    expect(await normalizedRows(name)).toMatchObject([{ normalized: 0.5 }, { normalized: 0.5 }])
  })

  it('in whole numbers, whatever an exporter made of them', async () => {
    const attributes = {
      'trace2.kind': 'feedback',
      'gen_ai.evaluation.name': `${prefix}stars`,
      'gen_ai.evaluation.score.value': 2n,
      'trace2.feedback.scale': [1n, 10n],
    }
    const links = [{ traceId: traceId('a'), spanId: spanId('1') }]
    await store.writeSpans([span({ trace: 'd', id: '7', attributes, links })])
    expect(await named(`${prefix}stars`)).toMatchObject({ scale: [1, 10] })
  })

  it('in a file, means that, whatever the program says, until it is taken back', async () => {
    const name = `${prefix}csat`
    await give(name, { score: 2, scale: [0, 10], direction: 'lower', weight: 3 })
    await store.declareFeedback({ [name]: { scale: [1, 5], weight: 4 } })
    await give(name, { score: 2, scale: [0, 10] })
    expect(await named(name)).toMatchObject({
      scale: [1, 5],
      scaleFrom: 'file',
      weight: 4,
      weightFrom: 'file',
      direction: 'lower',
      directionFrom: 'program',
    })
    await store.declareFeedback({ [name]: null })
    expect(await named(name)).toMatchObject({
      scale: [0, 10],
      scaleFrom: 'program',
      weight: 3,
      direction: 'lower',
    })
  })

  it('piece by piece, keeps of each member what was said last, in whatever order it came', async () => {
    const name = `${prefix}csat`
    const carrier = (at: number, attributes: Record<string, unknown>) =>
      span({
        trace: `e${at}`,
        id: `e${at}`,
        at,
        attributes: {
          'trace2.kind': 'feedback',
          'gen_ai.evaluation.name': name,
          'gen_ai.evaluation.score.value': 3,
          ...attributes,
        },
        links: [{ traceId: traceId('a'), spanId: spanId('1') }],
      })
    const pieces = [
      carrier(2, { 'trace2.feedback.weight': 2 }),
      carrier(3, { 'trace2.feedback.direction': 'lower' }),
      carrier(1, { 'trace2.feedback.scale': [1, 5], 'trace2.feedback.weight': 9 }),
    ]
    const expected = { scale: [1, 5], weight: 2, direction: 'lower' }
    for (const piece of pieces) await store.writeSpans([piece])
    expect(await named(name)).toMatchObject(expected)
    const other = await openStore(':memory:')
    await other.writeSpans(pieces)
    expect(await other.feedbackNames()).toMatchObject([{ name, ...expected }])
    await other.close()
  })

  it.each([
    [{ scale: [5, 1] }],
    [{ scale: [1, 5], directoin: 'lower' }],
    [{ weight: -1 }],
    [[1, 5]],
    ['1 to 5'],
  ])('unsoundly, is refused with all that came with it: %j', async (declaration) => {
    const sound = { scale: [0, 7] as const }
    const declarations = { [`${prefix}sound`]: sound, [`${prefix}not`]: declaration }
    // As the HTTP API passes it on.
    const declared: Promise<unknown> = Reflect.apply(store.declareFeedback, store, [declarations])
    await expect(declared).rejects.toMatchObject({ code: 'T2_FEEDBACK_DECLARATION' })
    expect(await named(`${prefix}sound`)).toBeUndefined()
  })

  it.each([[5], [null], [undefined], [['csat']], ['csat']])(
    'in something else than names with declarations, is refused: %j',
    async (declarations) => {
      const declared: Promise<unknown> = Reflect.apply(store.declareFeedback, store, [declarations])
      await expect(declared).rejects.toMatchObject({ code: 'T2_FEEDBACK_DECLARATION' })
    },
  )

  it('has the same place on its scale in SQL and in TypeScript', async () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true })
    const ends = fc
      .tuple(number, number)
      .filter(([a, b]) => a !== b)
      .map(([a, b]) => (a < b ? ([a, b] as const) : ([b, a] as const)))
    const categories = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 2 })
    let count = 0
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(ends, categories),
        fc.constantFrom('higher' as const, 'lower' as const),
        fc.array(fc.record({ score: number, label: fc.constantFrom('a', 'c', 'x', null) }), {
          minLength: 1,
          maxLength: 5,
        }),
        async (scale, direction, pieces) => {
          const name = `${prefix}${count++}`
          for (const piece of pieces) await give(name, { ...piece, scale, direction })
          const meaning = await named(name)
          for (const { score, label, normalized } of await normalizedRows(name)) {
            const here = normalizedScore({ score, label }, meaning)
            expect(here).toBe(normalized)
            if (here === null) continue
            expect(here).toBeGreaterThanOrEqual(0)
            expect(here).toBeLessThanOrEqual(1)
          }
        },
      ),
      { numRuns: 40 },
    )
  })
})

it('is kept of feedback that is in a store of an older version', async () => {
  const file = `${temporaryDirectory()}/old.duckdb`
  const instance = await DuckDBInstance.create(file)
  const connection = await instance.connect()
  await connection.run(firstSchema)
  for (const version of ['schema-2', 'schema-3', 'schema-4']) {
    await connection.run(sql(version))
  }
  await connection.run('UPDATE schema_meta SET version = 4')
  await connection.run(
    `INSERT INTO feedback VALUES ('f-1', repeat('a', 32), '', 'stars', 4, NULL, NULL, 'human', 'x', 1)`,
  )
  connection.closeSync()
  instance.closeSync()
  const migrated = await openStore(file)
  expect(await migrated.feedbackNames()).toMatchObject([{ name: 'stars', scale: [1, 5], rank: 1 }])
  await migrated.close()
})

async function normalizedRows(
  name: string,
): Promise<
  { name: string; score: number | null; label: string | null; normalized: number | null }[]
> {
  const { rows } = await store.sql(
    `SELECT name, score, label, normalized FROM v_feedback WHERE name = '${name.replaceAll("'", "''")}'`,
  )
  const number = (value: unknown) => (typeof value === 'number' ? value : null)
  return rows.map(([of, score, label, normalized]) => ({
    name: String(of),
    score: number(score),
    label: typeof label === 'string' ? label : null,
    normalized: number(normalized),
  }))
}

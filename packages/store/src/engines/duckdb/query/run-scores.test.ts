import { describe, expect, it } from 'vitest'
import { rankedNames } from '../../../feedback-name.ts'
import { openStore } from '../../../open.ts'
import type { NewFeedback } from '../../../store.ts'
import { span, traceId } from '../../../testing/spans.ts'

describe('the score of a run', () => {
  it('is that of the weightiest name it has, never a mean over names', async () => {
    const own = await openStore(':memory:')
    const spans = ['1', '2', '3', '4'].map((id) => span({ trace: id, id, at: Number(id) }))
    await own.writeSpans(spans)
    const on = (trace: string, name: string, more: Partial<NewFeedback>) =>
      own.addFeedback({ traceId: traceId(trace), spanId: null, name, ...more })
    await on('1', 'thumb', { score: 1 })
    await on('1', 'csat', { score: 2 })
    await on('2', 'csat', { score: 2 })
    await on('2', 'csat', { score: 4 })
    await on('3', 'thumb', { score: 0 })
    await on('3', 'latency_ms', { score: 900 })
    await on('4', 'latency_ms', { score: 100 })
    await on('4', 'csat', { comment: 'Words alone.' })
    const scores = async () =>
      (await own.runs()).map(({ score, scores, feedback }) => ({ score, scores, feedback }))
    expect(await scores()).toEqual([
      { score: 1, scores: { latency_ms: 1 }, feedback: 2 },
      { score: 0, scores: { thumb: 0, latency_ms: 0 }, feedback: 2 },
      { score: 0.5, scores: { csat: 0.5 }, feedback: 2 },
      { score: 0.25, scores: { csat: 0.25, thumb: 1 }, feedback: 2 },
    ])
    // One whose weight is declared goes before one of the same weight that nobody weighed.
    await own.declareFeedback({ csat: { weight: 1 } })
    expect((await scores()).map(({ score }) => score)).toEqual([1, 0, 0.5, 0.25])
    await own.declareFeedback({ csat: null })
    await own.declareFeedback({ thumb: { weight: 2 }, latency_ms: { weight: 0 } })
    expect((await scores()).map(({ score }) => score)).toEqual([null, 0, 0.5, 1])
    const names = await own.feedbackNames()
    expect(names.map(({ name, rank }) => [name, rank])).toEqual([
      ['thumb', 1],
      ['csat', 2],
      ['latency_ms', null],
    ])
    const order = (objective?: string) => rankedNames(names, objective).map(({ name }) => name)
    expect(order()).toEqual(['thumb', 'csat'])
    expect(order('csat')).toEqual(['csat', 'thumb'])
    expect(order('latency_ms')).toEqual(['latency_ms', 'thumb', 'csat'])
    const [found] = await own.runs({ where: 'score < 0.6', limit: 1 })
    expect(await own.findRun(found?.id ?? '')).toEqual(found)
    await own.close()
  })

  it('of versions of a parameter is summed up per name', async () => {
    const own = await openStore(':memory:')
    const use = (version: string) => ({
      'trace2.kind': 'run',
      'trace2.inputs': [`p=param:a.b/c-d@${version}`],
      'trace2.param.version.a.b/c-d': version,
      'trace2.param.value.a.b/c-d': JSON.stringify(version),
      'trace2.param.trainable.a.b/c-d': true,
    })
    const given = [
      ['1', 'v1', 0],
      ['2', 'v1', 1],
      ['3', 'v2', 1],
      ['4', 'v2', undefined],
    ] as const
    for (const [trace, version, score] of given) {
      const at = Number(trace)
      await own.writeSpans([span({ trace, id: trace, at, attributes: use(version) })])
      if (score === undefined) continue
      await own.addFeedback({ traceId: traceId(trace), spanId: null, name: 'thumb', score })
    }
    const summary = await own.parameterScores('a.b/c-d')
    expect(summary).toMatchObject([
      { version: 'v1', runs: 2, scores: [{ name: 'thumb', runs: 2, mean: 0.5, squares: 0.5 }] },
      { version: 'v2', runs: 2, scores: [{ name: 'thumb', runs: 1, mean: 1, squares: 0 }] },
    ])
    for (const none of ['none', 'a', 'b"c', "'", '$.x', '']) {
      expect(await own.parameterScores(none)).toEqual([])
    }
    const since = summary[1]?.firstRunAt
    expect(await own.parameterScores('a.b/c-d', since ? { since } : {})).toHaveLength(1)
    await own.close()
  })
})

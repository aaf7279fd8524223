import { DiagLogLevel, diag } from '@opentelemetry/api'
import { readFeedbackDeclaration } from '@trace2/core'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { recordSpans } from '../testing/record.ts'
import type { FeedbackContent } from './attributes.ts'
import { readFeedbackContent } from './content.ts'
import { feedback } from './feedback.ts'

const target = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) }
const reported: string[] = []
let recorded: ReturnType<typeof recordSpans>

beforeEach(() => {
  reported.length = 0
  const ignore = () => {}
  const logger = {
    error: (line: string) => reported.push(line),
    warn: (line: string) => reported.push(line),
    info: ignore,
    debug: ignore,
    verbose: ignore,
  }
  diag.setLogger(logger, { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true })
  recorded = recordSpans()
  reported.length = 0
})

afterEach(async () => {
  diag.disable()
  await recorded.stop()
})

/** As a program in JavaScript gives it. */
function give(content: unknown): readonly Record<string, unknown>[] {
  feedback(target, content as FeedbackContent)
  const spans = recorded.spans().map(({ attributes }) => ({ ...attributes }))
  recorded.reset()
  return spans
}

describe('what feedback() takes', () => {
  const words = 'the judge could not say'
  it.each([
    ['a number', { score: 0.25 }, { score: 0.25 }, false],
    ['true', { score: true }, { score: 1 }, false],
    ['false', { score: false }, { score: 0 }, false],
    ['a big integer', { score: 3n }, { score: 3 }, false],
    ['a text that is a number', { score: ' 0.5 ' }, { score: 0.5 }, false],
    ['words beside no number', { score: Number.NaN, comment: words }, { comment: words }, true],
    ['words beside infinity', { score: Infinity, comment: words }, { comment: words }, true],
    ['words beside an object', { score: {}, label: words }, { label: words }, true],
    ['a score beside blank words', { score: 1, comment: ' \n' }, { score: 1 }, false],
    ['a score beside words that are none', { score: 1, comment: 7 }, { score: 1 }, true],
    ['null beside words', { score: null, label: null, comment: words }, { comment: words }, false],
    ['an unknown source', { score: 1, source: 'me' }, { score: 1 }, false],
    ['a scale that is none', { score: 1, scale: [5, 1] }, { score: 1 }, true],
    ['a weight that is none', { score: 1, weight: -1 }, { score: 1 }, true],
  ])('%s', (about, given, taken, isReported) => {
    const name = `takes ${about}`
    const [span] = give({ name, ...given })
    expect({
      score: span?.['gen_ai.evaluation.score.value'],
      label: span?.['gen_ai.evaluation.score.label'],
      comment: span?.['gen_ai.evaluation.explanation'],
    }).toEqual({ score: undefined, label: undefined, comment: undefined, ...taken })
    expect(reported.map((line) => line.split(':')[0])).toEqual(
      isReported ? ['T2_FEEDBACK_CONTENT'] : [],
    )
    give({ name, ...given })
    expect(reported).toHaveLength(isReported ? 1 : 0)
  })

  it.each([
    ['no number alone', { score: Number.NaN }],
    ['minus infinity alone', { score: -Infinity }],
    ['words as a score', { score: 'good' }],
    ['a blank text as a score', { score: ' ' }],
    ['nothing', {}],
    ['blank words', { comment: ' ', label: '' }],
    ['a symbol', { score: Symbol('s') }],
    ['a blank name', { name: ' ', score: 1 }],
    ['an empty name', { name: '', score: 1 }],
    ['a name that is a number', { name: 7, score: 1 }],
  ])('refuses %s, says so once and does not throw', (about, given) => {
    const content = { name: `refuses ${about}`, ...given }
    expect(give(content)).toEqual([])
    const first = reported.length
    expect(give(content)).toEqual([])
    expect(reported).toHaveLength(first)
    expect(reported.every((line) => line.startsWith('T2_FEEDBACK_EMPTY'))).toBe(true)
  })

  it.each([
    ['words', 'Too long.', { 'gen_ai.evaluation.explanation': 'Too long.' }],
    ['a number', 0.5, { 'gen_ai.evaluation.score.value': 0.5 }],
    ['a score without a name', { score: true }, { 'gen_ai.evaluation.score.value': 1 }],
    ['a name that is null', { name: null, score: 1 }, { 'gen_ai.evaluation.score.value': 1 }],
  ])('calls %s what a live optimizer calls it', (_what, given, attributes) => {
    expect(give(given)).toEqual([
      expect.objectContaining({ 'gen_ai.evaluation.name': 'feedback', ...attributes }),
    ])
    expect(reported).toEqual([])
  })

  it('cuts a comment that is longer than any value may be, and says so', () => {
    const [span] = give({ name: 'huge', score: 0, comment: 'z'.repeat(300_000) })
    expect(span?.['gen_ai.evaluation.explanation']).toBe('z'.repeat(65_536))
    expect(reported).toEqual([expect.stringContaining('cut to 65536 of 300000 characters')])
  })

  it('never throws, and what it takes says something, whatever it is given', () => {
    const content = fc.record(
      {
        name: fc.anything(),
        score: fc.anything(),
        label: fc.anything(),
        comment: fc.anything(),
        source: fc.anything(),
        identifier: fc.anything(),
        scale: fc.anything(),
        direction: fc.anything(),
        weight: fc.anything(),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.oneof(content, fc.anything()), (given) => {
        feedback(target, given as FeedbackContent)
        const { content: taken } = readFeedbackContent(given as FeedbackContent)
        if (!taken) return
        expect(taken.name.trim()).not.toBe('')
        expect([taken.score, taken.label, taken.comment].some((said) => said !== undefined)).toBe(
          true,
        )
        if (taken.score !== undefined) expect(Number.isFinite(taken.score)).toBe(true)
      }),
    )
  })
})

describe('what a name of feedback means', () => {
  it('goes with the feedback', () => {
    const [stars] = give({ name: 'stars', score: 2, scale: [1, 5], weight: 2 })
    expect(stars).toMatchObject({ 'trace2.feedback.scale': [1, 5], 'trace2.feedback.weight': 2 })
    expect(stars).not.toHaveProperty('trace2.feedback.direction')
    const scale = ['bad', 'fair', 'good']
    const [mood] = give({ name: 'mood', label: 'fair', scale, direction: 'higher' })
    expect(mood).toMatchObject({
      'trace2.feedback.scale': scale,
      'trace2.feedback.direction': 'higher',
    })
  })

  it.each([
    [{ scale: [0, 1] }, []],
    [{ scale: ['no', 'yes'], direction: 'lower', weight: 0 }, []],
    [{ scale: null, direction: undefined }, []],
    [{ scale: [1, 1] }, ['scale']],
    [{ scale: [0, Number.NaN] }, ['scale']],
    [{ scale: [0, Infinity] }, ['scale']],
    [{ scale: [0, 1, 2] }, ['scale']],
    [{ scale: ['one'] }, ['scale']],
    [{ scale: ['a', 'a'] }, ['scale']],
    [{ scale: ['a', ' '] }, ['scale']],
    [{ scale: ['a', 1] }, ['scale']],
    [{ scale: '0 to 1' }, ['scale']],
    [{ direction: 'up' }, ['direction']],
    [{ direction: 1, weight: '2' }, ['direction', 'weight']],
    [{ weight: Infinity }, ['weight']],
  ])('is read from %j', (given, faulty) => {
    const { declaration, faults } = readFeedbackDeclaration(given)
    expect(faults.map((fault) => /its (\w+)/.exec(fault)?.[1])).toEqual(faulty)
    for (const member of faulty) expect(declaration).not.toHaveProperty(member)
  })
})

import { openStore } from '@trace2/store'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createLlm, type Llm, openaiTransport } from '../llm/index.ts'
import { seeded } from '../numeric/index.ts'
import { type ChatBody, type ChatReply, chatServer } from '../testing/chat-server.ts'
import { guideOf } from './definitions.ts'
import type { Guide, GuideTools, Subject } from './guide.ts'
import { scoreSubjects } from './score-subjects.ts'

const noModel: GuideTools = {
  llm: () => {
    throw new Error('no model')
  },
}
const subjects: Subject[] = ['a', 'b', 'c'].map((output) => ({ input: {}, output, reference: 'b' }))
const exact = guideOf({ kind: 'exact' })
const rubric = guideOf({ kind: 'rubric', rubric: 'Kind.', model: 'gpt-4o-mini' })

/** A guide that does with a subject what a function does. */
function guide(name: string, judge: (subject: Subject) => unknown): Guide {
  // What is no verdict is what is tested here.
  return { name, definition: name, source: 'code', judge: (subject) => judge(subject) as never }
}

async function withModel(reply: (body: ChatBody, call: number) => ChatReply) {
  const server = await chatServer(reply)
  const store = await openStore(':memory:')
  onTestFinished(async () => {
    await server[Symbol.asyncDispose]()
    await store.close()
  })
  const llm: Llm = createLlm({ transport: openaiTransport(server.client), store })
  return { tools: { llm: () => llm } satisfies GuideTools, bodies: server.bodies }
}

const scored = (score: number) => JSON.stringify({ reasoning: 'r', comment: 'c', score })

describe('scoring subjects', () => {
  it('gives a score of each guide for each subject, in their order', async () => {
    const shortness = guide('short', () => ({ score: 1, comment: 'Short.', label: 'yes' }))
    const told: number[] = []
    const { scores } = await scoreSubjects([exact, shortness], subjects, noModel, {
      onScored: (index) => told.push(index),
    })
    expect(scores.map((each) => each.map(({ guide, score }) => [guide, score]))).toEqual([
      [
        ['exact', 0],
        ['short', 1],
      ],
      [
        ['exact', 1],
        ['short', 1],
      ],
      [
        ['exact', 0],
        ['short', 1],
      ],
    ])
    expect(scores[0]?.[1]).toEqual({
      guide: 'short',
      score: 1,
      label: 'yes',
      comment: 'Short.',
      error: null,
      asks: [1],
    })
    expect(told.sort()).toEqual([0, 1, 2])
  })

  it.each([
    ['throws', () => Promise.reject(new TypeError('no idea')), 'no idea'],
    ['throws what is no error', () => Promise.reject('tired'), 'tired'],
    ['gives a score beyond the scale', () => ({ score: 1.01, comment: '' }), 'the score 1.01'],
    ['gives NaN', () => ({ score: Number.NaN, comment: '' }), 'the score NaN'],
    ['gives a score in words', () => ({ score: 'high', comment: '' }), 'no score'],
    ['gives nothing', () => undefined, 'no verdict'],
  ])('a guide that %s costs its own score of that subject', async (_, fault, message) => {
    const odd = guide('odd', (subject) =>
      subject.output === 'b' ? fault() : { score: 1, comment: 'Fine.' },
    )
    const { scores, guides } = await scoreSubjects([odd, exact], subjects, noModel)
    expect(scores.map(([first]) => first?.score)).toEqual([1, null, 1])
    expect(scores[1]?.[0]).toMatchObject({ error: expect.stringContaining(message), asks: [] })
    expect(scores.map(([, second]) => second?.score)).toEqual([0, 1, 0])
    expect(guides).toMatchObject([
      { guide: 'odd', scored: 2, failed: 1 },
      { guide: 'exact', scored: 3, failed: 0 },
    ])
  })

  it('refuses two guides of one name, and repeats that are no count', async () => {
    const invalid = { code: 'T2_GUIDE_INVALID' }
    await expect(scoreSubjects([exact, exact], subjects, noModel)).rejects.toMatchObject(invalid)
    for (const repeats of [0, 1.5, Number.NaN]) {
      const asked = scoreSubjects([exact], subjects, noModel, { repeats })
      await expect(asked).rejects.toMatchObject(invalid)
    }
  })

  it('ends where the key is refused, and says what was scored until then', async () => {
    const { tools, bodies } = await withModel((_, call) =>
      call < 3 ? scored(1) : { status: 401, message: 'no key' },
    )
    const many = Array.from({ length: 9 }, (_, at) => ({ input: {}, output: `${at}` }))
    const told: number[] = []
    const scoring = scoreSubjects(
      [rubric, guide('other', () => ({ score: 1, comment: '' }))],
      many,
      tools,
      {
        concurrency: 1,
        onScored: (index) => told.push(index),
      },
    )
    await expect(scoring).rejects.toMatchObject({ code: 'T2_MODEL_KEY' })
    expect(told).toEqual([0, 1])
    expect(bodies).toHaveLength(3)
  })
})

describe('repeated asks', () => {
  it('ask the model anew each time, and only the model', async () => {
    const answers = [0.2, 0.6, 1]
    const { tools, bodies } = await withModel((_, call) => scored(answers[(call - 1) % 3] ?? 0))
    let counted = 0
    const code = guide('code', () => {
      counted++
      return { score: 1, comment: '' }
    })
    const one = [{ input: {}, output: 'x' }]
    const { scores, guides } = await scoreSubjects([rubric, code], one, tools, { repeats: 3 })
    expect(scores[0]?.[0]?.score).toBeCloseTo(0.6)
    expect(scores[0]?.[0]?.asks.toSorted()).toEqual(answers)
    expect([bodies.length, counted]).toEqual([3, 1])
    expect(guides[0]?.noise).toBeCloseTo(0.4)
    expect(guides[0]?.warnings).toEqual([expect.stringContaining('let it be asked several times')])
    expect(guides[1]).toMatchObject({ noise: null, repeated: 0, warnings: [] })
    // What was answered is not asked again.
    await scoreSubjects([rubric, code], one, tools, { repeats: 3 })
    expect(bodies).toHaveLength(3)
  })

  it('measure the noise that a judge has', async () => {
    const random = seeded(7)
    const deviation = 0.1
    const noisy: Guide = {
      ...guide('noisy', ({ output }) => {
        // Uniform, of that standard deviation.
        const error = (random() - 0.5) * deviation * Math.sqrt(12)
        return { score: (output === 'high' ? 0.7 : 0.3) + error, comment: '' }
      }),
      source: 'model',
    }
    const many = Array.from({ length: 500 }, (_, at) => ({
      input: {},
      output: at % 2 === 0 ? 'high' : 'low',
    }))
    const { guides } = await scoreSubjects([noisy], many, noModel, { repeats: 3 })
    expect(guides[0]?.repeated).toBe(500)
    expect(guides[0]?.noise).toBeGreaterThan(0.095)
    expect(guides[0]?.noise).toBeLessThan(0.105)
  })
})

describe('what to beware of', () => {
  const model = (judge: (subject: Subject) => unknown): Guide => ({
    ...guide('judge', judge),
    source: 'model',
  })
  const outputs = (count: number) => {
    const random = seeded(3)
    return Array.from({ length: count }, (_, at) => ({
      input: {},
      output: 'x'.repeat(1 + Math.floor(random() * 500)) + (at % 2 === 0 ? '!' : '?'),
    }))
  }

  it('is a judge that likes long outputs', async () => {
    const likesLength = model(({ output }) => ({ score: String(output).length / 600, comment: '' }))
    const { guides } = await scoreSubjects([likesLength], outputs(40), noModel)
    expect(guides[0]?.length?.value).toBeCloseTo(1)
    expect(guides[0]?.warnings).toEqual([
      expect.stringMatching(/^Longer outputs got better scores/),
    ])
  })

  it('is not one whose scores have nothing to do with length', async () => {
    const fair = model(({ output }) => ({
      score: String(output).endsWith('!') ? 0.9 : 0.4,
      comment: '',
    }))
    const { guides } = await scoreSubjects([fair], outputs(200), noModel)
    expect(guides[0]?.length?.low).toBeLessThan(0)
    expect(guides[0]?.length?.high).toBeGreaterThan(0)
    expect(guides[0]?.warnings).toEqual([])
  })

  it('is a comparison that follows the order', async () => {
    const { tools } = await withModel(() =>
      JSON.stringify({ reasoning: 'r', comment: 'c', verdict: 'A' }),
    )
    const compare = guideOf({ kind: 'compare', rubric: 'Kind.', model: 'gpt-4o-mini' })
    const pairs = Array.from({ length: 12 }, (_, at) => ({
      input: { at },
      output: `new ${at}`,
      base: at === 0 ? 'new 0' : 'old',
    }))
    const { guides } = await scoreSubjects([compare], pairs, tools)
    expect(guides[0]?.ordersDisagree).toBeCloseTo(11 / 12)
    expect(guides[0]?.warnings).toEqual([expect.stringContaining('11 of 12 comparisons')])
  })
})

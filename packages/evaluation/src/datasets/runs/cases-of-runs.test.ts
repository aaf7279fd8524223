import { trace } from '@opentelemetry/api'
import { bundle, configureContent, feedback, parameter, run } from '@trace2/instrumentation'
import { openStore, type Store } from '@trace2/store'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { recordedStore } from '../../testing/recorded-store.ts'
import { putDataset } from '../versions.ts'
import { type CasesOfRunsOptions, casesOfRuns } from './cases-of-runs.ts'

const tone = parameter('cases.tone', 'kind', { description: 'Of the answer.' })
const reply = bundle('reply', (ticket: string, how: string) => `${how}: ${ticket}`)
const agent = run(
  'agent',
  (ticket: unknown, more?: unknown) => ({ text: String(ticket), more: more ?? null }),
  { session: (ticket) => (String(ticket).startsWith('in ') ? String(ticket).slice(3) : undefined) },
)
const toned = run('toned', (ticket: string) => reply(ticket, tone))

const all = (store: Store, options: CasesOfRunsOptions = {}) =>
  casesOfRuns(store, { query: { limit: 0 }, ...options })

/** Feedback on the run of this name and ticket, as the store knows it. */
async function judge(
  store: Store,
  ticket: string,
  piece: Omit<Parameters<Store['addFeedback']>[0], 'traceId' | 'spanId'>,
): Promise<void> {
  const { rows } = await store.sql(
    `SELECT trace_id, span_id FROM v_span WHERE kind = 'run' AND (input->>'$.ticket') = '${ticket}'`,
  )
  for (const [traceId, spanId] of rows) {
    await store.addFeedback({ traceId: String(traceId), spanId: String(spanId), ...piece })
  }
}

beforeEach(() => configureContent({ captureContent: true, maxValueLength: 65_536 }))
afterEach(() => configureContent({ captureContent: true, maxValueLength: 65_536 }))

test('a run gives its input by role, its session, score and what was said of it', async () => {
  const store = await recordedStore(() => {
    agent('a', { deep: [1] })
    agent('in s1')
  })
  await judge(store, 'a', { name: 'thumb', score: 0, comment: 'wrong', source: 'human' })
  const { drafts, runs, usable, unusable } = await all(store)
  expect({ runs, usable, unusable }).toEqual({ runs: 2, usable: 2, unusable: {} })
  const [second, first] = drafts
  expect(first).toMatchObject({
    inputs: { ticket: 'a', more: { deep: [1] } },
    reference: null,
    session: null,
    metadata: { baseScore: 0 },
    feedback: [{ name: 'thumb', score: 0, label: null, comment: 'wrong', source: 'human' }],
  })
  expect(Object.keys(first?.inputs ?? {})).toEqual(['ticket', 'more'])
  expect(second).toMatchObject({ inputs: { ticket: 'in s1' }, session: 's1', feedback: [] })
  expect(second?.run).toMatch(/^[0-9a-f]{32}$/)
})

describe('a run is no case', () => {
  test.each([
    ['whose text was cut', () => agent('x'.repeat(200)), { cut: 1 }],
    ['a part of whose input was cut', () => agent('a', { deep: ['y'.repeat(300)] }), { cut: 1 }],
    [
      'whose list was cut',
      () =>
        agent(
          'a',
          Array.from({ length: 5000 }, (_, n) => n),
        ),
      { cut: 1 },
    ],
    ['that holds a collection', () => agent('a', new Map([[1, 2]])), { 'not JSON': 1 }],
    ['that holds bytes', () => agent('a', { file: Buffer.from('abcde') }), { 'not JSON': 1 }],
    ['that has no input', () => run('none', () => 1)(), { 'no input': 1 }],
  ] as const)('%s', async (_what, program, unusable) => {
    configureContent({ maxValueLength: 100 })
    const store = await recordedStore(program)
    expect(await all(store)).toMatchObject({ drafts: [], runs: 1, unusable })
  })

  test('whose content was not recorded, or withheld by a mask', async () => {
    const store = await recordedStore(() => {
      configureContent({ captureContent: false })
      agent('secret')
      configureContent({ captureContent: true })
      run('masked', (email: string, text: string) => text.length + email.length, {
        mask: (value, { role }) => (role === 'email' ? undefined : value),
      })('a@b.example', 'hello')
    })
    expect(await all(store)).toMatchObject({ drafts: [], unusable: { withheld: 2 } })
  })

  test('of which a collector took something out', async () => {
    const redaction = {
      key: 'a-key-that-nobody-knows',
      rules: [{ name: 'email', preset: 'email' as const }],
    }
    const store = await recordedStore(
      () => {
        agent('write to bob@customer.example please')
        agent('write to me')
      },
      { redaction },
    )
    const { drafts, unusable } = await all(store)
    expect(drafts.map(({ inputs }) => inputs)).toEqual([{ ticket: 'write to me' }])
    expect(unusable).toEqual({ redacted: 1 })
  })

  test('but texts that only look like such are', async () => {
    const store = await recordedStore(() => {
      agent('to be continued…')
      agent(['… and more', 'more…', '[INST] hi [/INST]'])
    })
    expect(await all(store)).toMatchObject({ usable: 2, unusable: {} })
  })
})

describe('a reference', () => {
  const tickets = ['human', 'model', 'label', 'json', 'labelled', 'verdict', 'inner', 'own', 'good']

  async function judged(): Promise<Store> {
    const store = await recordedStore(() => {
      for (const ticket of tickets) agent(ticket)
    })
    const comment = 'the right one'
    await judge(store, 'human', { name: 'correction', comment, source: 'human' })
    await judge(store, 'human', { name: 'Expected output', comment: 'later', source: 'model' })
    await judge(store, 'model', { name: 'ground_truth', comment, source: 'model' })
    await judge(store, 'label', { name: 'expected', label: 'billing', comment: 'because' })
    await judge(store, 'json', { name: 'note', comment: '{"expected": {"text": "x"}}' })
    await judge(store, 'labelled', { name: 'review', label: 'correction', comment: '{"a": [1]}' })
    await judge(store, 'verdict', { name: 'correction', label: 'wrong', comment })
    await judge(store, 'own', { name: 'category', label: 'refund', comment: 'sure' })
    await judge(store, 'good', { name: 'thumb', score: 1 })
    await judge(store, 'inner', { name: 'thumb', score: 0, comment: 'Expected: better' })
    return store
  }

  const references = async (options: CasesOfRunsOptions) => {
    const { drafts } = await all(await judged(), options)
    return Object.fromEntries(
      drafts.map(({ inputs, reference }) => [String(inputs.ticket), reference]),
    )
  }

  const corrections = {
    human: 'the right one',
    model: 'the right one',
    label: 'billing',
    json: { text: 'x' },
    labelled: { a: [1] },
    verdict: 'the right one',
    inner: null,
    own: null,
    good: null,
  }

  test('is what feedback says is right', async () => {
    expect(await references({})).toEqual(corrections)
  })

  test('is, by choice, under a name of labels', async () => {
    expect(await references({ correctionNames: ['category'] })).toEqual({
      ...corrections,
      own: 'refund',
    })
  })

  test('is, by choice, what a run gave that scored well', async () => {
    expect(await references({ references: 'good runs' })).toEqual({
      ...corrections,
      good: { text: 'good', more: null },
    })
    const none = Object.fromEntries(tickets.map((ticket) => [ticket, null]))
    expect(await references({ references: 'none' })).toEqual(none)
  })

  test('is not what was said of a step', async () => {
    const store = await recordedStore(() => {
      run('outer', (ticket: string) => {
        const inner = reply.node(ticket, 'x')
        feedback(inner, { name: 'correction', comment: 'another step' })
        return inner.value
      })('a')
    })
    const { drafts } = await all(store)
    expect(drafts).toMatchObject([{ reference: null, feedback: [{ comment: 'another step' }] }])
  })
})

describe('which runs', () => {
  test('used a parameter', async () => {
    const store = await recordedStore(() => {
      agent('a')
      toned('b')
    })
    const used = async (name: string) =>
      (await all(store, { parameter: name })).drafts.map(({ inputs }) => inputs)
    expect(await used('cases.tone')).toEqual([{ ticket: 'b' }])
    expect(await used('cases.other')).toEqual([])
    expect(await used("x') OR (true")).toEqual([])
    expect(
      await all(store, { parameter: 'cases.tone', query: { where: 'spans > 99 -- not' } }),
    ).toMatchObject({ runs: 0 })
  })

  test.each([
    ['score < 0.5', 'score'],
    ['duration_ms > 5 AND FAILED', 'score'],
    ['trace_id IN (SELECT trace_id FROM v_feedback WHERE comment IS NOT NULL)', 'score'],
    ["name = 'score'", null],
    ["service = 'it''s failed'", null],
    ['spans > 3', null],
  ])('hold %s: chosen by %s', async (where, chosenBy) => {
    const store = await recordedStore(() => agent('a'))
    expect(await casesOfRuns(store, { query: { where } })).toMatchObject({ chosenBy })
  })

  test('were named one by one', async () => {
    const store = await recordedStore(() => agent('a'))
    const ids = (await store.runs()).map(({ id }) => id)
    const { drafts, origin } = await casesOfRuns(store, { query: { ids } })
    expect(drafts).toMatchObject([{ metadata: { chosenBy: 'hand' } }])
    expect(origin).toBe('1 run, named one by one')
  })
})

test('several runs of one trace are cases of their own, with their own feedback', async () => {
  const store = await recordedStore(() => {
    trace.getTracer('web').startActiveSpan('request', (span) => {
      agent('first')
      agent('second')
      span.end()
    })
  })
  await judge(store, 'first', { name: 'correction', comment: 'one' })
  await judge(store, 'second', { name: 'correction', comment: 'two' })
  const { drafts } = await all(store)
  expect(new Map(drafts.map(({ inputs, reference }) => [inputs.ticket, reference]))).toEqual(
    new Map([
      ['first', 'one'],
      ['second', 'two'],
    ]),
  )
})

test('a foreign run is a case with its messages, unless an SDK cut them', async () => {
  const store = await recordedStore(() => {
    const span = (value: string) =>
      trace
        .getTracer('foreign')
        .startSpan('chat', {
          attributes: {
            'openinference.span.kind': 'LLM',
            'input.value': value,
            'input.mime_type': 'application/json',
          },
        })
        .end()
    span('{"messages":[{"role":"user","content":"hi"}]}')
    span('{"messages":[{"role":"user","content":"h}]')
    span('{"a": 1} is what it says')
  })
  const { drafts, unusable } = await all(store)
  const said = drafts.map(({ inputs }) => inputs.input)
  expect(said).toHaveLength(2)
  expect(said).toEqual(
    expect.arrayContaining([
      [{ role: 'user', content: 'hi' }],
      [{ role: 'user', content: '{"a": 1} is what it says' }],
    ]),
  )
  expect(unusable).toEqual({ cut: 1 })
})

test('a foreign run without an input is a case by what was first asked inside', async () => {
  let at = Date.now()
  const asked = (...messages: readonly object[]) => ({
    startTime: ++at,
    attributes: {
      'openinference.span.kind': 'LLM',
      'input.value': JSON.stringify({ messages }),
      'input.mime_type': 'application/json',
    },
  })
  const store = await recordedStore(() => {
    const tracer = trace.getTracer('foreign')
    const request = (inside: () => void) =>
      tracer.startActiveSpan('handle', (span) => {
        inside()
        span.end()
      })
    const user = { role: 'user', content: 'Where is it?' }
    request(() => {
      tracer.startSpan('warm-up', asked({ role: 'system', content: 'x' })).end()
      tracer.startSpan('chat', asked({ role: 'system', content: 'Be brief.' }, user)).end()
      tracer.startSpan('chat', asked(user, { role: 'assistant', content: 'Lyon' }, user)).end()
    })
    request(() => tracer.startSpan('chat', asked({ role: 'user', content: 'h' })).end())
    request(() => tracer.startSpan('query').end())
  })
  const { drafts, unusable } = await all(store)
  expect(drafts.map(({ inputs }) => inputs.input).toSorted()).toEqual(['Where is it?', 'h'])
  expect(unusable).toEqual({ 'no input': 1 })
})

test('what a store has become is a dataset, with roles in their order', async () => {
  const store = await recordedStore(() => agent('b', 'a'))
  const { drafts, origin } = await all(store)
  await putDataset(store, 'tickets', drafts, { origin })
  const { cases } = await store.dataset('tickets')
  expect(cases.map(({ inputs }) => Object.entries(inputs))).toEqual([
    [
      ['ticket', 'b'],
      ['more', 'a'],
    ],
  ])
})

test('an empty store gives no case', async () => {
  const store = await openStore(':memory:')
  expect(await casesOfRuns(store)).toMatchObject({ drafts: [], runs: 0, usable: 0 })
  await store.close()
})

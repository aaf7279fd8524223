import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore } from '../../../open.ts'
import type { Store } from '../../../store.ts'
import { span, spanId, traceId } from '../../../testing/spans.ts'

let store: Store
beforeEach(async () => {
  store = await openStore(':memory:')
})
afterEach(() => store.close())

const facts = 'The parcel "4711" left Zürich\nand reached Lyon on Monday.'
const rules = 'You are an agent of a parcel service. Answer in one sentence.'

interface Step {
  readonly input: unknown
  readonly output: unknown
}

const chain = (trace: string, id: string, at: number, { input, output }: Step) =>
  span({
    ...{ trace, id, at, name: `step ${id}`, parent: '1' },
    attributes: {
      'openinference.span.kind': 'CHAIN',
      'input.value': typeof input === 'string' ? input : JSON.stringify(input),
      'output.value': typeof output === 'string' ? output : JSON.stringify(output),
    },
  })

/** From which of some steps texts passed to which. */
async function passed(steps: readonly Step[], trace = 'a'): Promise<readonly string[]> {
  await store.writeSpans([
    span({
      trace,
      id: '1',
      attributes: { 'openinference.span.kind': 'AGENT', 'input.value': 'Hi' },
    }),
    ...steps.map((step, at) => chain(trace, String(at + 2), at + 1, step)),
  ])
  const { edges } = await store.graph(traceId(trace))
  const found = edges.flatMap(({ from, to, how }) =>
    how === 'text' ? `${numberOf(from)} -> ${numberOf(to)}` : [],
  )
  return found
}

const numbers = new Map([2, 3, 4, 5].map((id, at) => [spanId(String(id)), at + 1]))
function numberOf(node: unknown): number | undefined {
  return numbers.get(String(node).split(':').at(-1) ?? '')
}

const question = { question: 'Where is parcel 4711 now, please?' }

const given: readonly [string, unknown, unknown][] = [
  ['a step that gets the member', { facts }, { facts }],
  ['a step that gets it under another name', { facts }, { context: { known: facts } }],
  ['a step that gets it from deep inside', { a: [{ b: [{ facts }] }] }, facts],
  ['a step that gets it in a list', [['x'], [facts]], { known: ['y', facts] }],
  ['a template filled with it', { facts }, `Known so far: ${facts} Now answer.`],
  ['JSON in a text', { facts }, { body: JSON.stringify({ facts }) }],
  ['JSON in a text in JSON', { facts }, { messages: [{ text: JSON.stringify([facts]) }] }],
  ['a text without the blanks around it', { facts: `\n  ${facts}\n\n` }, { facts }],
  [
    'a text that was wrapped and indented',
    { facts },
    facts.replace(' reached ', '\n    reached\t'),
  ],
  [
    'a text whose letters are written as escapes',
    { facts },
    JSON.stringify({ facts }).replace('ü', '\\u00fc'),
  ],
  [
    'a text whose letters the giver wrote as escapes',
    JSON.stringify({ facts }).replace('ü', '\\u00fc'),
    { facts },
  ],
]

describe('a long text in what a chain gives leads to', () => {
  it.each(given)('%s', async (_, output, input) => {
    expect(
      await passed([
        { input: question, output },
        { input, output: 'Done' },
      ]),
    ).toEqual(['1 -> 2'])
  })
})
const unrelated: readonly [string, readonly Step[]][] = [
  [
    'short texts that are equal',
    [
      { input: question, output: { queue: 'delivery', ok: 'yes' } },
      { input: { queue: 'delivery', ok: 'yes' }, output: 'Done' },
    ],
  ],
  [
    'a system prompt that every step is given and hands on',
    [
      { input: { rules, ...question }, output: { rules, queue: 'delivery' } },
      { input: { rules, queue: 'delivery' }, output: { rules, done: true } },
    ],
  ],
  [
    'numbers and objects of the same form',
    [
      { input: question, output: { position: [45.764043, 4.835659], at: { hour: 12 } } },
      { input: { position: [45.764043, 4.835659], at: { hour: 12 } }, output: 'Done' },
    ],
  ],
  [
    'a part of a text',
    [
      { input: question, output: { facts } },
      { input: { known: 'The parcel "4711" left Zürich and nothing else is known.' }, output: 1 },
    ],
  ],
]

describe('no edge comes of', () => {
  it.each(unrelated)('%s', async (_, steps) => {
    expect(await passed(steps)).toEqual([])
  })
})

it('leads from the step that made a text, and not from those that handed it on', async () => {
  const state = { ...question, facts }
  expect(
    await passed([
      { input: question, output: state },
      { input: state, output: { ...state, queue: 'delivery' } },
      { input: { ...state, queue: 'delivery' }, output: { answer: 'It is in Lyon.' } },
    ]),
  ).toEqual(['1 -> 2', '1 -> 3'])
})

it('has the same edges in v_edge', async () => {
  const runs = [
    ...given.map(([, output, input]) => [
      { input: question, output },
      { input, output: 'Done' },
    ]),
    ...unrelated.map(([, steps]) => steps),
  ]
  const found: string[] = []
  for (const [at, steps] of runs.entries()) {
    const trace = (at + 16).toString(16)
    for (const edge of await passed(steps, trace)) found.push(`${traceId(trace)} ${edge}`)
  }
  const { rows } = await store.sql(
    "SELECT DISTINCT trace_id, from_id, to_id FROM v_edge WHERE how = 'text'",
  )
  expect(
    rows.map(([trace, from, to]) => `${trace} ${numberOf(from)} -> ${numberOf(to)}`).sort(),
  ).toEqual(found.sort())
})

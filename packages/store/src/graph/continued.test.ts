import { afterEach, beforeEach, expect, it } from 'vitest'
import { openStore } from '../open.ts'
import type { Store } from '../store.ts'
import { span, traceId } from '../testing/spans.ts'

let store: Store
beforeEach(async () => {
  store = await openStore(':memory:')
})
afterEach(() => store.close())

const question = { role: 'user', content: 'Where is A-1042?' }
const call = { name: 'lookup', arguments: { id: 'A-1042' } }
const asks = (id?: string) => ({
  role: 'assistant',
  tool_calls: [{ ...(id && { id }), type: 'function', function: call }],
})
const result = (id?: string) => ({ role: 'tool', tool_call_id: id, content: 'ok' })
const placeholder = { role: 'assistant', content: '[tool: lookup]' }
const answer = { role: 'assistant', content: 'Soon' }

interface Sketch {
  readonly given: readonly object[]
  readonly said: object
  readonly parent?: string
}

const model = (id: string, { given, said, parent = '1' }: Sketch) =>
  span({
    ...{ id, parent, at: Number(id) },
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'm',
      'gen_ai.input.messages': JSON.stringify(given),
      'gen_ai.output.messages': JSON.stringify([said]),
    },
  })

const tool = (id: string, parent = '1') =>
  span({
    ...{ id, parent, at: Number(id) },
    attributes: {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'lookup',
      'gen_ai.tool.call.id': 'call_1',
      'gen_ai.tool.call.arguments': '{"id":"A-1042"}',
      'gen_ai.tool.call.result': 'ok',
    },
  })

/** Numbers of the spans between which texts pass. */
async function edgesOf(...spans: readonly ReturnType<typeof span>[]): Promise<string[]> {
  await store.writeSpans([
    span({ id: '1', attributes: { 'gen_ai.operation.name': 'invoke_agent' } }),
    ...spans,
  ])
  const { edges } = await store.graph(traceId('a'))
  const found = edges.filter(({ how }) => how === 'text').map(({ from, to }) => shown(from, to))
  const { rows } = await store.sql(
    "SELECT DISTINCT from_id, to_id FROM v_edge WHERE how = 'text' ORDER BY ALL",
  )
  expect(rows.map(([from, to]) => shown(from, to)).sort()).toEqual([...new Set(found)].sort())
  return found.sort()
}

const shown = (from: unknown, to: unknown) =>
  `${String(from).at(-1) ?? ''} -> ${String(to).at(-1) ?? ''}`

it('leads to the model that goes on with the conversation, where a call has no id in what was said', async () => {
  expect(
    await edgesOf(
      model('2', { given: [question], said: asks() }),
      model('3', { given: [question, asks('call_1'), result('call_1')], said: asks() }),
      model('4', {
        given: [question, asks('call_1'), result('call_1'), asks('call_2'), result('call_2')],
        said: answer,
      }),
    ),
  ).toEqual(['2 -> 3', '3 -> 4'])
})

it('leads from the tool, where the messages have no more of a call than that there was one', async () => {
  expect(
    await edgesOf(
      model('2', { given: [question], said: asks('call_1') }),
      tool('3', '2'),
      model('4', { given: [question, placeholder, result()], said: answer }),
    ),
  ).toEqual(['2 -> 3', '3 -> 4'])
})

it.each<[string, readonly ReturnType<typeof span>[]]>([
  [
    'other messages before',
    [
      model('2', { given: [{ role: 'user', content: 'Hi' }], said: asks() }),
      model('3', { given: [question, asks('call_1'), result('call_1')], said: answer }),
    ],
  ],
  [
    'another call',
    [
      model('2', {
        given: [question],
        said: { role: 'assistant', tool_calls: [{ name: 'other', arguments: {} }] },
      }),
      model('3', { given: [question, asks('call_1'), result('call_1')], said: answer }),
    ],
  ],
  [
    'two that were asked the same',
    [
      model('2', { given: [question], said: asks() }),
      model('3', { given: [question], said: asks() }),
      model('4', { given: [question, asks('call_1'), result('call_1')], said: answer }),
    ],
  ],
  [
    'a model elsewhere',
    [
      span({ id: '5', parent: '1', attributes: { 'gen_ai.operation.name': 'invoke_agent' } }),
      model('2', { given: [question], said: asks(), parent: '5' }),
      model('3', { given: [question, asks('call_1'), result('call_1')], said: answer }),
    ],
  ],
  [
    'an answer without results',
    [
      model('2', { given: [question], said: asks() }),
      model('3', { given: [question, asks('call_1')], said: answer }),
    ],
  ],
])('leads nowhere from %s', async (_, spans) => {
  expect(await edgesOf(...spans)).toEqual([])
})

import { expect, test } from 'vitest'
import { messagesOf, saidBy } from './messages.ts'

const said = (...parts: object[]) =>
  saidBy(messagesOf([{ role: 'assistant', parts, finish_reason: 'stop' }], 'assistant') ?? [])
const text = (content: string) => ({ type: 'text', content })
const blob = { type: 'blob', modality: 'image', byte_count: 3 }

test.each<[name: string, parts: object[], expected: unknown]>([
  ['texts are one text', [text('Y'), text('es.')], 'Yes.'],
  [
    'a thought is not the answer',
    [{ type: 'reasoning', content: 'Hm.' }, text('Yes.')],
    { role: 'assistant', content: 'Yes.', reasoning: 'Hm.' },
  ],
  [
    'a hidden thought is nothing that was said',
    [{ type: 'reasoning', content: '' }, text('Yes.')],
    'Yes.',
  ],
  [
    'an image stays beside the text',
    [text('Yes.'), blob],
    { role: 'assistant', content: [text('Yes.'), blob] },
  ],
])('parts of an answer: %s', (_name, parts, expected) => {
  expect(said(...parts)).toEqual(expected)
})

test('what a tool answered in parts is its content', () => {
  const response = [text('Found:'), blob]
  const parts = [{ type: 'tool_call_response', id: 'c1', response }]
  expect(messagesOf([{ role: 'tool', parts }], 'user')).toEqual([
    { role: 'tool', tool_call_id: 'c1', content: response },
  ])
})

test.each([
  ['parts without a type', '[{"text":"Where is "},{"text":"it?"}]', 'Where is it?'],
  ['a list that has more than text', '[{"text":"a","score":1}]', '[{"text":"a","score":1}]'],
  ['a list of other objects', '[{"id":1}]', '[{"id":1}]'],
])('content that is the JSON of %s', (_name, content, expected) => {
  expect(messagesOf([{ role: 'user', content }], 'user')).toEqual([
    { role: 'user', content: expected },
  ])
})

test('messages, parts and calls that are JSON texts in lists are what they say', () => {
  const json = JSON.stringify
  const call = { id: 'c1', type: 'function', function: { name: 'find', arguments: '{"id":7}' } }
  const texts = [
    json({
      role: 'user',
      content: [json({ type: 'text', text: 'Where ' }), json({ text: 'is it?' })],
    }),
    json({ role: 'assistant', tool_calls: [json(call)] }),
  ]
  expect(messagesOf(texts, 'user')).toEqual([
    { role: 'user', content: 'Where is it?' },
    { role: 'assistant', tool_calls: [{ id: 'c1', name: 'find', arguments: { id: 7 } }] },
  ])
})

test('a call that came in pieces is one call, and two that are equal are two', () => {
  const piece = (given: object) => ({ id: 'c1', name: 'find', arguments: given })
  const callsIn = (...calls: object[]) =>
    messagesOf([{ role: 'assistant', content: '', tool_calls: calls }], 'assistant')
  expect(callsIn(piece({}), piece({ id: 7 }))).toEqual([
    { role: 'assistant', tool_calls: [piece({ id: 7 })] },
  ])
  expect(callsIn(piece({ id: 7 }), piece({ id: 7 }))).toMatchObject([
    { tool_calls: [piece({ id: 7 }), piece({ id: 7 })] },
  ])
})

test('calls that smolagents tells a model of are calls', () => {
  const printed = `Calling tools:\n[{'id': 'c1', 'type': 'function', 'function': {'name': 'find', 'arguments': {'id': 7}}}]`
  const calls = [{ id: 'c1', name: 'find', arguments: { id: 7 } }]
  for (const content of [printed, [{ type: 'text', text: printed }]]) {
    expect(messagesOf([{ role: 'tool-call', content }], 'user')).toEqual([
      { role: 'assistant', tool_calls: calls },
    ])
  }
  const words = 'Calling tools:\n[none]'
  expect(messagesOf([{ role: 'assistant', content: words }], 'user')).toMatchObject([
    { content: words },
  ])
})

test('a result is what it is, whoever says how often which type it has', () => {
  const result = (output: object) =>
    messagesOf(
      [{ role: 'tool', content: [{ type: 'tool-result', toolCallId: 'c1', output }] }],
      'user',
    )
  const text = { type: 'text', value: 'In Lyon.' }
  const found = [{ role: 'tool', tool_call_id: 'c1', content: 'In Lyon.' }]
  expect(result(text)).toEqual(found)
  expect(result({ type: 'json', value: text })).toEqual(found)
  expect(result({ type: 'json', value: { type: 'parcel', value: 7 } })).toMatchObject([
    { content: { type: 'parcel', value: 7 } },
  ])
})

test('calls and answers that are parts of one message are messages, in their order', () => {
  const tool = { toolCallId: 'c1', state: 'output-available', input: { id: 7 } }
  const parts = [
    { type: 'step-start' },
    { ...tool, type: 'tool-find', output: { type: 'text', value: 'In Lyon.' } },
    { ...tool, type: 'dynamic-tool', toolName: 'ask', toolCallId: 'c2', state: 'input-available' },
    { type: 'text', text: 'It is in Lyon.' },
  ]
  expect(messagesOf([{ role: 'assistant', parts }], 'user')).toEqual([
    { role: 'assistant', tool_calls: [{ id: 'c1', name: 'find', arguments: { id: 7 } }] },
    { role: 'tool', tool_call_id: 'c1', content: 'In Lyon.' },
    { role: 'assistant', tool_calls: [{ id: 'c2', name: 'ask', arguments: { id: 7 } }] },
    { role: 'assistant', content: 'It is in Lyon.' },
  ])
})

test('texts that a user has said in JSON stay texts', () => {
  const texts = ['{"role": "admin"}', '{"name": "Ann"}']
  expect(messagesOf(texts, 'user')).toEqual(texts.map((content) => ({ role: 'user', content })))
})

test('what answers a call is a tool, whoever is said to have said it', () => {
  const said = { role: 'user', tool_call_id: 'c1', content: '{"place": "Lyon"}' }
  expect(messagesOf([said], 'user')).toEqual([
    { role: 'tool', tool_call_id: 'c1', content: { place: 'Lyon' } },
  ])
})

test('a tool that has answered nothing has answered, and one whose answer was not recorded has not', () => {
  for (const content of ['', []]) {
    expect(messagesOf([{ role: 'tool', tool_call_id: 'c1', content }], 'user')).toEqual([
      { role: 'tool', tool_call_id: 'c1', content },
    ])
    const parts = [{ type: 'tool_call_response', id: 'c1', response: content }]
    expect(messagesOf([{ role: 'tool', parts }], 'user')).toEqual([
      { role: 'tool', tool_call_id: 'c1', content },
    ])
  }
  expect(messagesOf([{ role: 'tool', tool_call_id: 'c1' }], 'user')).toBeUndefined()
  expect(messagesOf([{ role: 'assistant', content: '' }], 'user')).toBeUndefined()
})

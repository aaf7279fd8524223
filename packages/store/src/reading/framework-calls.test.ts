import { expect, it } from 'vitest'
import type { AnyValue, SpanEvent } from '../otlp/records.ts'
import { span } from '../testing/spans.ts'
import { canonicalRows } from './canonical-span.ts'

// What real programs sent of their model calls, where one attribute does not say all.

function read(attributes: Readonly<Record<string, string>>, events: readonly SpanEvent[] = []) {
  const { span: canonical, parameters } = canonicalRows({
    ...span({ id: '1', attributes }),
    events,
  })
  return {
    kind: canonical.opKind,
    output: canonical.output && (JSON.parse(canonical.output.json) as unknown),
    prompts: parameters.map(({ value }) => JSON.parse(value) as unknown),
  }
}

const rule = 'You file parcels. Ask the depot.'
const asked = { parcel: 'P-77' }
const constructed = (name: string, id: string) => ({
  ...{ lc: 1, type: 'constructor', id: ['langchain_core', 'messages', 'AIMessage'] },
  kwargs: { content: '', tool_calls: [{ id, name, args: asked, type: 'tool_call' }] },
})
const said = (name: string) => ({
  'openinference.span.kind': 'LLM',
  'llm.output_messages.0.message.role': 'assistant',
  'llm.output_messages.0.message.tool_calls.0.tool_call.function.name': 'find_parcel',
  'llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments': JSON.stringify(asked),
  'output.mime_type': 'application/json',
  'output.value': JSON.stringify({
    generations: [[{ text: '', message: constructed(name, 'call_77aa') }]],
  }),
})
const call = { name: 'find_parcel', arguments: asked }

it('a call without an id gets it from where the same call has one', () => {
  const { output } = read(said('find_parcel'))
  expect(output).toEqual({ role: 'assistant', tool_calls: [{ id: 'call_77aa', ...call }] })
})

it('a call without an id stays so where another call has one', () => {
  const { output } = read(said('file_parcel'))
  expect(output).toEqual({ role: 'assistant', tool_calls: [call] })
})

it('parts that were written into the text of a part are its text', () => {
  const parts = JSON.stringify([{ type: 'text', text: rule }])
  const messages = [
    { role: 'system', parts: [{ type: 'text', content: parts }] },
    { role: 'user', parts: [{ type: 'text', content: 'Where is parcel P-77?' }] },
  ]
  const { prompts } = read({
    'gen_ai.operation.name': 'chat',
    'gen_ai.input.messages': JSON.stringify(messages),
  })
  expect(prompts).toEqual([rule])
})

it('what VoltAgent asked a model is on a span with plain names', () => {
  const messages = [
    { role: 'system', content: rule },
    { role: 'user', content: [{ type: 'text', text: 'Where is parcel P-77?' }] },
  ]
  const attributes = { 'entity.type': 'agent', 'entity.name': 'depot', 'span.type': 'llm' }
  const { kind, prompts } = read({ ...attributes, 'llm.messages': JSON.stringify(messages) })
  expect({ kind, prompts }).toEqual({ kind: 'llm', prompts: [rule] })
  expect(read({ ...attributes, 'span.type': 'tool', output: 'In Lyon.' })).toMatchObject({
    kind: 'tool',
    output: 'In Lyon.',
  })
})

it.each(['agent_loop.cycle_id', 'event_loop.cycle_id'])(
  'a turn of a loop, %s, is no model call',
  (key) => {
    const content = JSON.stringify([{ text: 'Where is parcel P-77?' }])
    const event = {
      timeNs: 0n,
      name: 'gen_ai.user.message',
      attributes: new Map([['content', content]]),
      droppedAttributesCount: 0,
    }
    expect(read({ [key]: 'cycle-2', 'gen_ai.event.start_time': '1' }, [event]).kind).toBe('chain')
  },
)

it.each([
  `ResponseFunctionToolCall(arguments='{"parcel":"P-77"}', call_id='call_77aa', name='find_parcel', type='function_call', id='fc_1', status='completed')`,
  `ChatCompletionMessageFunctionToolCall(id='call_77aa', function=Function(arguments='{"parcel":"P-77"}', name='find_parcel'), type='function')`,
])('a call that Python has printed is one: %s', (printed) => {
  const message = { role: 'assistant', parts: [{ type: 'text', content: printed }] }
  const { output } = read({
    'gen_ai.operation.name': 'chat',
    'gen_ai.output.messages': JSON.stringify([message]),
  })
  expect(output).toEqual({ role: 'assistant', tool_calls: [{ id: 'call_77aa', ...call }] })
})

it('what only begins like a printed call is a text', () => {
  const content = 'ResponseFunctionToolCall(…) is what Python prints.'
  const { output } = read({
    'gen_ai.operation.name': 'chat',
    'gen_ai.output.messages': JSON.stringify([{ role: 'assistant', content }]),
  })
  expect(output).toBe(content)
})

it('an object of the program is no argument of a call', () => {
  const context = '<workflows.context.context.Context object at 0x7f5961fc4390>'
  const kwargs = { ...asked, about: 'An object at 0x7f', ctx: context }
  const { input } = canonicalRows(
    span({
      id: '1',
      attributes: {
        'openinference.span.kind': 'TOOL',
        'input.value': JSON.stringify({ kwargs }),
        'input.mime_type': 'application/json',
      },
    }),
  ).span
  expect(JSON.parse(input?.json ?? '')).toEqual({ ...asked, about: 'An object at 0x7f' })
})

it('calls of tools in an event are a list of texts', () => {
  const made = {
    id: 'call_77aa',
    type: 'function',
    function: { name: 'find_parcel', arguments: JSON.stringify(asked) },
  }
  const attributes = new Map<string, AnyValue>([
    ['role', 'assistant'],
    ['content', ''],
    ['tool_calls', [JSON.stringify(made)]],
  ])
  const event = { name: 'gen_ai.choice', timeNs: 0n, attributes, droppedAttributesCount: 0 }
  const { output } = read({ 'gen_ai.operation.name': 'chat' }, [event])
  expect(output).toEqual({ role: 'assistant', tool_calls: [{ id: 'call_77aa', ...call }] })
})

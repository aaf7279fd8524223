import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore } from '../../open.ts'
import type { Store } from '../../store.ts'
import { readSpan } from '../../testing/read-span.ts'
import { span, traceId } from '../../testing/spans.ts'

let store: Store
beforeEach(async () => {
  store = await openStore(':memory:')
})
afterEach(() => store.close())

const json = JSON.stringify
const message = (role: string, part: object, meta: object = {}) => ({
  role,
  meta,
  name: null,
  content: [part],
})

const question = 'Where is order A-1042?'
const reply = 'Order A-1042 left the depot in Hamburg.'
const asked = [
  message('system', { text: 'You look up orders.' }),
  message('user', { text: question }),
]
const call = {
  tool_name: 'get_order',
  arguments: { order_id: 'A-1042' },
  id: 'call_1',
  extra: null,
}
const meta = { model: 'small', usage: { prompt_tokens: 12, completion_tokens: 5 } }
const wanted = message('assistant', { tool_call: call }, meta)
const result = '{"status": "left the depot in Hamburg"}'
const heard = message('tool', { tool_call_result: { result, origin: call, error: false } })
const answer = message('assistant', { text: reply }, meta)

const llm = (id: string, at: number, messages: object[], said: object) =>
  span({
    ...{ id, at, parent: '2', name: 'haystack.agent.step.llm' },
    attributes: {
      'haystack.agent.step.llm.input': json({ messages }),
      'haystack.agent.step.llm.output': json({ replies: [said] }),
    },
  })

/** An agent's run: a step with the call of its model and of a tool, and the final answer. */
const run = [
  span({
    id: '1',
    name: 'haystack.agent.run',
    attributes: {
      'haystack.agent.max_steps': 10n,
      'haystack.agent.input': json({ messages: asked.slice(1) }),
      'haystack.agent.output': json({ messages: [...asked, wanted, heard, answer] }),
    },
  }),
  span({
    ...{ id: '2', parent: '1', at: 1, name: 'haystack.agent.step' },
    attributes: { 'haystack.agent.step': 0n },
  }),
  llm('3', 2, asked, wanted),
  span({
    ...{ id: '4', parent: '2', at: 3, name: 'haystack.agent.step.tool' },
    attributes: {
      'haystack.tool.name': 'get_order',
      'haystack.tool.description': 'Look up an order.',
      'haystack.agent.step.tool.input': json(call.arguments),
      'haystack.agent.step.tool.output': result,
    },
  }),
  llm('5', 4, [...asked, wanted, heard], answer),
]

it('reads the run of an agent of Haystack as a graph: prompt, tool, dataflow', async () => {
  await store.writeSpans(run)
  const { nodes, edges, output } = await store.graph(traceId('a'))
  const names = new Map(
    nodes.map((node) => {
      if (node.kind === 'parameter') return [node.id, node.name]
      return [node.id, 'op' in node ? `${node.op} ${node.spanId.at(-1)}` : 'value']
    }),
  )
  const data = edges
    .filter(({ how, from }) => how !== 'contains' && names.get(from) !== 'value')
    .map(({ from, to, how }) => `${names.get(from)} -> ${names.get(to)}: ${how}`)
  expect(data.sort()).toEqual([
    'chat 3 -> get_order 4: text',
    'get_order 4 -> chat 5: text',
    'prompt.you-look-up-orders -> chat 3: exact',
    'prompt.you-look-up-orders -> chat 5: exact',
    'tool.get_order.description -> get_order 4: exact',
  ])
  expect(nodes.find(({ id }) => id === output)).toMatchObject({
    inputs: { input: question },
    value: reply,
  })
})

it('reads what Haystack says of a model call', async () => {
  await store.writeSpans(run)
  const { rows } = await store.sql(`
    SELECT output, model, input_tokens, output_tokens FROM v_span WHERE op_kind = 'llm' ORDER BY start_ns`)
  const asks = { id: 'call_1', name: 'get_order', arguments: { order_id: 'A-1042' } }
  expect(rows).toEqual([
    [json({ role: 'assistant', tool_calls: [asks] }), 'small', 12, 5],
    [json(reply), 'small', 12, 5],
  ])
})

describe('a pipeline', () => {
  const component = (type: string, input: object, output: object) =>
    readSpan({
      'haystack.component.name': 'desk',
      'haystack.component.type': type,
      'haystack.component.input': input,
      'haystack.component.output': output,
    })
  const tools = [
    {
      type: 'haystack.tools.tool.Tool',
      data: { name: 'get_order', description: 'Look up an order.', parameters: {} },
    },
  ]
  const described = ['tool.get_order.description', 'Look up an order.']

  it('calls a model in a generator of conversations', () => {
    const input = { messages: asked, tools, generation_kwargs: null }
    const read = component('OpenAIChatGenerator', input, { replies: [answer] })
    expect(read).toMatchObject({
      ...{ opKind: 'llm', op: 'chat', input: [{ role: 'user', content: question }] },
      ...{ output: reply, model: 'small', inputTokens: 12, outputTokens: 5 },
    })
    expect(read.parameters).toEqual([['desk.system', 'You look up orders.'], described])
  })

  it('calls a model in a generator of texts', () => {
    const output = { replies: [reply], meta: [meta] }
    expect(component('OpenAIGenerator', { prompt: question }, output)).toMatchObject({
      ...{ opKind: 'llm', input: [{ role: 'user', content: question }], output: reply },
      ...{ model: 'small', inputTokens: 12, outputTokens: 5 },
    })
  })

  it('has the tools of a set', () => {
    const set = { type: 'haystack.tools.toolset.Toolset', data: { tools } }
    const input = { messages: asked, tools: set }
    const { parameters } = component('AzureOpenAIChatGenerator', input, { replies: [wanted] })
    expect(parameters).toContainEqual(described)
  })

  it('calls a tool in the invoker of tools', () => {
    const read = component('ToolInvoker', { messages: [wanted] }, { tool_messages: [heard] })
    expect(read).toMatchObject({
      ...{ opKind: 'tool', op: 'get_order', callId: 'call_1' },
      ...{ input: call.arguments, output: JSON.parse(result) },
    })
  })

  it('calls several tools under the name of the component', () => {
    const both = { ...wanted, content: [wanted.content, wanted.content].flat() }
    const output = { tool_messages: [heard, heard] }
    expect(component('ToolInvoker', { messages: [both] }, output)).toMatchObject({
      ...{ opKind: 'tool', op: 'desk', callId: null },
      output: [JSON.parse(result), JSON.parse(result)],
    })
  })

  it.each([
    ['a generator of something else', 'ReportGenerator', { report: 'All is well.' }],
    ['a router of replies', 'ConditionalRouter', { replies: [answer] }],
    ['an agent, which has a span inside', 'Agent', { messages: [answer], last_message: answer }],
  ])('has a chain in %s', (_, type, output) => {
    expect(component(type, { value: question }, output)).toMatchObject({
      ...{ opKind: 'chain', op: 'desk', inputTokens: null },
    })
  })
})

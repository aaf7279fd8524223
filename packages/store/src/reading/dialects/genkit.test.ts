import { afterEach, beforeEach, expect, it } from 'vitest'
import { openStore } from '../../open.ts'
import type { Store } from '../../store.ts'
import { span, traceId } from '../../testing/spans.ts'

let store: Store
beforeEach(async () => {
  store = await openStore(':memory:')
})
afterEach(() => store.close())

const json = JSON.stringify
const action = (subtype: string, name: string, input: unknown, output: unknown) => ({
  'genkit:type': 'action',
  'genkit:metadata:subtype': subtype,
  'genkit:name': name,
  'genkit:input': json(input),
  'genkit:output': json(output),
})

const question = 'Where is order A-1042?'
const reply = 'Order A-1042 left the depot in Hamburg.'
const tools = [{ name: 'get_order', description: 'Look up an order.', inputSchema: {} }]
const asked = [
  { role: 'system', content: [{ text: 'You look up orders.' }] },
  { role: 'user', content: [{ text: question }] },
]
const input = { orderId: 'A-1042' }
const output = { status: 'left the depot in Hamburg' }
const wanted = {
  role: 'model',
  content: [
    { reasoning: 'A tool knows.' },
    { toolRequest: { ref: 'call-1', name: 'get_order', input } },
  ],
}
const heard = {
  role: 'tool',
  content: [{ toolResponse: { ref: 'call-1', name: 'get_order', output } }],
}
const usage = { inputTokens: 12, outputTokens: 5 }
const said = (message: unknown) => ({ message, finishReason: 'stop', usage })
const model = 'googleai/gemini-2.0-flash'

/** A flow whose generation calls the model, then the tool, and then generates again inside. */
const run = [
  span({ id: '1', name: 'orders', attributes: action('flow', 'orders', question, reply) }),
  span({
    id: '2',
    parent: '1',
    at: 1,
    attributes: {
      'genkit:type': 'util',
      'genkit:name': 'generate',
      'genkit:input': json({ model, messages: asked, tools: ['get_order'], config: { topK: 1 } }),
      'genkit:output': json(said({ role: 'model', content: [{ text: reply }] })),
    },
  }),
  span({
    id: '3',
    parent: '2',
    at: 2,
    attributes: action('model', model, { messages: asked, tools }, said(wanted)),
  }),
  span({
    id: '4',
    parent: '2',
    at: 3,
    attributes: action('tool', 'get_order', input, output),
  }),
  span({
    id: '5',
    parent: '2',
    at: 4,
    attributes: {
      ...action(
        'model',
        model,
        { messages: [...asked, wanted, heard], tools },
        said({ role: 'model', content: [{ text: reply }] }),
      ),
      'genkit:model': model,
      'genkit:sessionId': 's-1',
    },
  }),
]

it('reads a flow of Genkit as a graph: prompt, tool, dataflow', async () => {
  await store.writeSpans(run)
  const { nodes, edges } = await store.graph(traceId('a'))
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
    'orders.system -> chat 3: exact',
    'orders.system -> chat 5: exact',
    'tool.get_order.description -> chat 3: exact',
    'tool.get_order.description -> chat 5: exact',
  ])
  expect(nodes.find((node) => 'op' in node && node.op === 'orders')).toMatchObject({
    inputs: { input: question },
    value: reply,
  })
})

it('reads what Genkit says of a model call', async () => {
  await store.writeSpans(run)
  const { rows } = await store.sql(`
    SELECT op_kind, input, output, model, session, input_tokens, output_tokens FROM v_span
    WHERE op_kind IN ('llm', 'chain') ORDER BY start_ns`)
  const call = {
    role: 'assistant',
    reasoning: 'A tool knows.',
    tool_calls: [{ id: 'call-1', name: 'get_order', arguments: input }],
  }
  expect(rows).toEqual([
    ['chain', json(question), json(reply), null, null, null, null],
    ['llm', expect.any(String), json(call), model, null, 12, 5],
    ['llm', expect.any(String), json(reply), model, 's-1', 12, 5],
  ])
})

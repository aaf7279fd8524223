import { expect, it } from 'vitest'
import { openStore } from '../open.ts'
import { span, traceId } from '../testing/spans.ts'

const told = 'Finds a parcel.'
const comment = 'Finds a parcel.\n\n    Args:\n        parcel: its id.\n    '
const call = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"Where is P-77?"}]}]',
  'gen_ai.output.messages':
    '[{"role":"assistant","parts":[{"type":"tool_call","id":"call_77aa","name":"find","arguments":{"parcel":"P-77"}}]}]',
}
const definitions = {
  'gen_ai.tool.definitions': JSON.stringify([
    { type: 'function', name: 'find', description: told },
  ]),
}
const tool = {
  'gen_ai.operation.name': 'execute_tool',
  'gen_ai.tool.name': 'find',
  'gen_ai.tool.description': comment,
  'gen_ai.tool.call.id': 'call_77aa',
  'gen_ai.tool.call.arguments': '{"parcel":"P-77"}',
  'gen_ai.tool.call.result': '"In the depot of Lyon."',
}

/** Descriptions in the graph of a model's call and of its tool's. */
async function descriptions(model: Readonly<Record<string, string>>) {
  const store = await openStore(':memory:')
  try {
    await store.writeSpans([
      span({ id: '1', attributes: { 'gen_ai.operation.name': 'invoke_agent' } }),
      span({ id: '2', parent: '1', at: 1, attributes: model }),
      span({ id: '3', parent: '1', at: 2, attributes: tool }),
    ])
    const { nodes, edges } = await store.graph(traceId('a'))
    return nodes.flatMap((node) =>
      node.kind === 'parameter'
        ? [[node.value, edges.filter(({ from }) => from === node.id).map(({ to }) => to.at(-1))]]
        : [],
    )
  } finally {
    await store.close()
  }
}

it('describes a tool as the model was told, whatever the tool says of itself', async () => {
  expect(await descriptions({ ...call, ...definitions })).toEqual([[told, ['2']]])
})

it('describes a tool as it says itself where no model shows what it was told', async () => {
  expect(await descriptions(call)).toEqual([[comment, ['3']]])
})

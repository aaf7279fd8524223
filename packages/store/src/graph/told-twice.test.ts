import { expect, it } from 'vitest'
import { openStore } from '../open.ts'
import { span, traceId } from '../testing/spans.ts'

const call = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm' }
const content = {
  'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"Where is P-77?"}]}]',
  'gen_ai.output.messages': '[{"role":"assistant","parts":[{"type":"text","content":"In Lyon."}]}]',
}

/** Numbers of the spans in the graph of a run, and what had to be mended. */
async function graphOf(outer: object, ...inside: readonly Parameters<typeof span>[0][]) {
  const store = await openStore(':memory:')
  try {
    const agent = { 'gen_ai.operation.name': 'invoke_agent' }
    await store.writeSpans([
      span({ id: '1', attributes: agent }),
      span({ id: '2', parent: '1', at: 1, attributes: { ...call, ...outer } }),
      ...inside.map((sketch) => span(sketch)),
    ])
    const { nodes, repairs } = await store.graph(traceId('a'))
    const ops = nodes.flatMap((node) => ('op' in node ? [node.spanId.at(-1)] : []))
    return { ops: ops.sort(), repairs }
  } finally {
    await store.close()
  }
}

it('leaves out a model call that a client tells again without its content', async () => {
  const again = { id: '3', parent: '2', at: 2, attributes: call }
  expect(await graphOf(content, again)).toEqual({ ops: ['1', '2'], repairs: [] })
})

it('leaves out one beside it that has the same response, and counts its tokens once', async () => {
  const counted = {
    ...call,
    'gen_ai.response.id': 'msg_1',
    'gen_ai.usage.input_tokens': 7,
    'gen_ai.usage.output_tokens': 3,
  }
  const again = { id: '3', parent: '1', at: 2, attributes: counted }
  const other = { ...again, id: '4', attributes: { ...counted, 'gen_ai.response.id': 'msg_2' } }
  expect((await graphOf({ ...counted, ...content }, again, other)).ops).toEqual(['1', '2', '4'])
  const store = await openStore(':memory:')
  try {
    await store.writeSpans([
      span({ id: '1', attributes: { 'gen_ai.operation.name': 'invoke_agent' } }),
      span({ id: '2', parent: '1', at: 1, attributes: { ...counted, ...content } }),
      span(again),
      span(other),
      span({ ...again, id: '5', parent: '2' }),
    ])
    expect(await store.runs({ limit: 1 })).toMatchObject([
      { spans: 5, inputTokens: 14, outputTokens: 6 },
    ])
  } finally {
    await store.close()
  }
})

it('leaves out the inference of a step of Mastra, whatever its text', async () => {
  const store = await openStore(':memory:')
  const inference = (id: string, parent: string, text: string) =>
    span({
      ...{ id, parent, at: 3, name: 'chat m' },
      attributes: {
        'mastra.span.type': 'model_inference',
        'gen_ai.request.model': 'm',
        'gen_ai.output.messages': JSON.stringify([
          { role: 'assistant', parts: [{ type: 'text', content: text }] },
        ]),
      },
    })
  const step = (id: string, output: object) =>
    span({
      ...{ id, parent: '1', at: 2 },
      attributes: {
        'mastra.span.type': 'model_step',
        'mastra.metadata.modelMetadata': '{"modelId":"m"}',
        'mastra.model_step.input': '[{"role":"user","content":"Where is P-77?"}]',
        'mastra.model_step.output': JSON.stringify(output),
      },
    })
  try {
    const toolCalls = [{ toolCallId: 'call_1', toolName: 'look_up', args: {} }]
    await store.writeSpans([
      span({ id: '1', attributes: { 'mastra.span.type': 'model_generation' } }),
      step('2', { text: '', toolCalls }),
      inference('3', '2', ''),
      step('4', { text: 'Let me see.', toolCalls }),
      inference('5', '4', 'Let me see.'),
      step('6', { text: 'In Lyon.', toolCalls: [] }),
      inference('7', '6', 'In Lyon.'),
      inference('8', '6', 'Somewhere else.'),
    ])
    const { nodes } = await store.graph(traceId('a'))
    const ops = nodes.flatMap((node) => ('op' in node ? [node.spanId.at(-1)] : []))
    expect(ops.sort()).toEqual(['1', '2', '4', '6', '8'])
  } finally {
    await store.close()
  }
})

it('keeps one that has content, that nobody else tells, or around other work', async () => {
  const inner = { id: '3', parent: '2', at: 2, attributes: { ...call, ...content } }
  expect((await graphOf(content, inner)).ops).toEqual(['1', '2', '3'])
  const alone = { id: '3', parent: '2', at: 2, attributes: call }
  expect((await graphOf({}, alone)).ops).toEqual(['1', '2', '3'])
  const work = { id: '4', parent: '3', at: 3, attributes: { 'gen_ai.operation.name': 'plan' } }
  expect((await graphOf(content, alone, work)).ops).toEqual(['1', '2', '3', '4'])
})

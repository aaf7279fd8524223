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

it('keeps one that has content, that nobody else tells, or around other work', async () => {
  const inner = { id: '3', parent: '2', at: 2, attributes: { ...call, ...content } }
  expect((await graphOf(content, inner)).ops).toEqual(['1', '2', '3'])
  const alone = { id: '3', parent: '2', at: 2, attributes: call }
  expect((await graphOf({}, alone)).ops).toEqual(['1', '2', '3'])
  const work = { id: '4', parent: '3', at: 3, attributes: { 'gen_ai.operation.name': 'plan' } }
  expect((await graphOf(content, alone, work)).ops).toEqual(['1', '2', '3', '4'])
})

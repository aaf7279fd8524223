import { expect, it } from 'vitest'
import { openStore } from '../open.ts'
import { span, traceId } from '../testing/spans.ts'

const agent = { 'gen_ai.operation.name': 'invoke_agent' }
const chat = (question: string, answer: string) => ({
  ...{ 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm' },
  'gen_ai.input.messages': JSON.stringify([{ role: 'user', content: question }]),
  'gen_ai.output.messages': JSON.stringify([{ role: 'assistant', content: answer }]),
})
const carrying = (operation: string) => ({ 'messaging.operation': operation })

type Sketches = readonly (Parameters<typeof span>[0] & { readonly kind?: number })[]

async function graphOf(sketches: Sketches, trace = 'a') {
  const store = await openStore(':memory:')
  try {
    await store.writeSpans(sketches.map((sketch) => ({ ...span(sketch), kind: sketch.kind ?? 1 })))
    const { nodes, edges, repairs } = await store.graph(traceId(trace))
    const short = (id: string) => id.at(-1)
    return {
      ops: nodes.flatMap((node) => ('op' in node ? [short(node.id)] : [])).sort(),
      contains: edges
        .filter(({ how }) => how === 'contains')
        .map(({ from, to }) => `${short(from)} in ${short(to)}`)
        .sort(),
      repairs,
    }
  } finally {
    await store.close()
  }
}

it('leaves out what only carries messages, and has what runs inside in what is around', async () => {
  const graph = await graphOf([
    { id: '1', name: 'team' },
    { id: '2', parent: '1', at: 1, name: 'publish', attributes: carrying('publish') },
    { id: '3', parent: '2', at: 2, name: 'process', attributes: carrying('process') },
    { id: '4', parent: '3', at: 3, attributes: agent },
    { id: '5', parent: '4', at: 4, attributes: chat('Where?', 'In Lyon.') },
    { id: '6', parent: '4', at: 5, name: 'create', attributes: carrying('create') },
  ])
  expect(graph).toEqual({ ops: ['1', '4', '5'], contains: ['4 in 1', '5 in 4'], repairs: [] })
})

it('leaves out a request to another service, and keeps one that is answered', async () => {
  const http = { 'http.request.method': 'POST' }
  const graph = await graphOf([
    { id: '1', attributes: agent },
    { id: '2', parent: '1', at: 1, attributes: chat('Where?', 'In Lyon.') },
    { id: '3', parent: '2', at: 2, name: 'POST', attributes: http, kind: 3 },
    { id: '4', parent: '1', at: 3, name: 'POST /tool', attributes: http, kind: 2 },
  ])
  expect(graph.ops).toEqual(['1', '2', '4'])
})

it('keeps what is the run itself, what has failed, and what a message of another trace began', async () => {
  const link = { traceId: traceId('b'), spanId: '00000000000000b1' }
  const graph = await graphOf([
    { trace: 'b', id: 'b1', name: 'publish', attributes: carrying('publish') },
    { id: '1', name: 'process', attributes: carrying('process') },
    { id: '2', parent: '1', name: 'publish', attributes: carrying('publish'), error: 'Error: no' },
    { id: '3', parent: '1', name: 'receive', attributes: carrying('receive'), links: [link] },
  ])
  expect(graph.ops).toEqual(['1', '2', '3'])
})

it('keeps what is a run because nothing stored is around it, and what feedback is on', async () => {
  const evaluated = {
    name: 'gen_ai.evaluation.result',
    attributes: { 'gen_ai.evaluation.name': 'quality', 'gen_ai.evaluation.score.value': 0 },
  }
  const graph = await graphOf([
    { id: '1', parent: '9', name: 'process', attributes: carrying('process') },
    { id: '2', parent: '1', name: 'process', attributes: carrying('process'), events: [evaluated] },
    { id: '3', parent: '2', at: 2, attributes: chat('Where?', 'In Lyon.') },
  ])
  expect(graph.ops).toEqual(['1', '2', '3'])
})

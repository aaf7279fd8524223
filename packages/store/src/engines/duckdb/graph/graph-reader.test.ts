import { valueHash } from '@trace2/core'
import { afterEach, describe, expect, it } from 'vitest'
import type { RunGraph } from '../../../graph/graph.ts'
import { openStore } from '../../../open.ts'
import type { SpanRecord } from '../../../otlp/records.ts'
import type { GraphOptions, Store } from '../../../store.ts'
import { span, spanId, traceId } from '../../../testing/spans.ts'

const stores: Store[] = []
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close()
})

async function storeWith(spans: readonly SpanRecord[]): Promise<Store> {
  const store = await openStore(':memory:')
  stores.push(store)
  await store.writeSpans(spans)
  return store
}

async function graphOf(spans: readonly SpanRecord[], options?: GraphOptions): Promise<RunGraph> {
  return (await storeWith(spans)).graph(traceId('a'), options)
}

const ref = (id: string, trace = 'a') => `span:${traceId(trace)}:${spanId(id)}`

function edges(graph: RunGraph): string[] {
  const short = (id: string) => id.replace(/span:0*a:0*/, '').replace(/(value:.{4}).*/, '$1')
  return graph.edges.map(
    (edge) => `${short(edge.from)} -${edge.how}:${edge.role}-> ${short(edge.to)}`,
  )
}

const op = (input: object, more: Record<string, string | string[]> = {}) => ({
  'trace2.kind': 'op',
  'input.value': JSON.stringify(input),
  'input.mime_type': 'application/json',
  ...more,
})

describe('the graph of a recorded run', () => {
  it('has a node for each parameter, external input and operator, and the recorded edges', async () => {
    const graph = await graphOf([
      span({
        id: '1',
        attributes: {
          ...op({ ticket: 'My parcel never came' }),
          'trace2.kind': 'run',
          'trace2.inputs': [`return=${ref('2')}`],
          'output.value': 'shipping',
        },
      }),
      span({
        id: '2',
        parent: '1',
        at: 1,
        attributes: {
          ...op({ ticket: 'My parcel never came', system: 'Classify.' }),
          'trace2.inputs': ['system=param:triage.system@abc'],
          'trace2.param.version.triage.system': 'abc',
          'trace2.param.value.triage.system': '"Classify."',
          'trace2.param.trainable.triage.system': true,
          'output.value': 'shipping',
        },
      }),
    ])
    expect(edges(graph)).toEqual([
      `param:triage.system@abc -exact:system-> 2`,
      `value:${valueHash('My parcel never came').slice(0, 4)} -exact:ticket-> 2`,
      '2 -exact:return-> 1',
      `value:${valueHash('My parcel never came').slice(0, 4)} -exact:ticket-> 1`,
    ])
    expect(graph.output).toBe(ref('1'))
    expect(graph.nodes.map((node) => [node.kind, node.level])).toEqual([
      ['parameter', 0],
      ['input', 0],
      ['op', 1],
      ['op', 2],
    ])
    expect(graph.nodes[0]).toMatchObject({ value: 'Classify.', trainable: true })
    expect(graph.repairs).toEqual([])
  })

  it('links an input without an entry to the operator of the trace that produced an equal value', async () => {
    const graph = await graphOf([
      span({ id: '1', attributes: op({}, { 'trace2.kind': 'run' }) }),
      span({ id: '2', parent: '1', at: 1, attributes: { ...op({}), 'output.value': 'a policy' } }),
      span({ id: '3', parent: '1', at: 2, attributes: op({ policy: 'a policy', n: 7 }) }),
    ])
    expect(edges(graph)).toContain('2 -hash:policy-> 3')
    expect(edges(graph).filter((edge) => edge.includes('policy'))).toHaveLength(1)
    expect(edges(graph)).toContain(`value:${valueHash(7).slice(0, 4)} -exact:n-> 3`)
  })

  it('does not take a value that an operator handed to what runs inside it for a result', async () => {
    const graph = await graphOf([
      span({
        id: '1',
        attributes: { ...op({ q: 'the question' }), 'output.value': 'the question' },
      }),
      span({ id: '2', parent: '1', at: 1, attributes: op({ q: 'the question' }) }),
    ])
    expect(edges(graph).filter((edge) => edge.includes('hash'))).toEqual([])
  })

  it('lets an operator reach the one around it unless its result is known to be used there', async () => {
    const graph = await graphOf([
      span({ id: '1', attributes: op({}) }),
      span({ id: '2', parent: '1', at: 1, attributes: op({}) }),
      span({
        id: '3',
        parent: '1',
        at: 2,
        attributes: { ...op({}), 'trace2.inputs': [`x=${ref('2')}`] },
      }),
    ])
    expect(edges(graph)).toEqual(['2 -exact:x-> 3', '3 -contains:contains-> 1'])
  })

  it('leaves out kinds of edges that the caller does not count', async () => {
    const graph = await graphOf(
      [span({ id: '1', attributes: op({}) }), span({ id: '2', parent: '1', attributes: op({}) })],
      { edges: ['exact'] },
    )
    expect(graph.edges).toEqual([])
  })

  it('shows a failed operator as an exception with its message', async () => {
    const graph = await graphOf([span({ id: '1', attributes: op({}), error: 'no such ticket' })])
    expect(graph.nodes).toMatchObject([{ kind: 'exception', value: 'Error: no such ticket' }])
  })
})

describe('damaged runs', () => {
  it('breaks a cycle at its weakest edge and says so', async () => {
    const graph = await graphOf([
      span({ id: '1', attributes: { ...op({}), 'trace2.inputs': [`x=${ref('2')}`] } }),
      span({ id: '2', at: 1, attributes: { ...op({}), 'trace2.inputs': [`y=${ref('1')}!value`] } }),
    ])
    expect(edges(graph)).toEqual(['2 -exact:x-> 1'])
    expect(graph.repairs).toMatchObject([{ kind: 'cycle', node: ref('2') }])
  })

  it('survives spans that are each other’s parents', async () => {
    const graph = await graphOf([
      span({ id: '1', parent: '2', attributes: op({}) }),
      span({ id: '2', parent: '1', at: 1, attributes: op({}) }),
    ])
    expect(graph.nodes).toHaveLength(2)
    expect(graph.repairs.map((repair) => repair.kind)).toEqual(['cycle'])
  })

  it('hangs an operator whose parent is missing on the run', async () => {
    const graph = await graphOf([
      span({ id: '1', attributes: op({}, { 'trace2.kind': 'run' }) }),
      span({ id: '3', parent: '2', at: 1, attributes: op({}) }),
    ])
    expect(edges(graph)).toEqual(['3 -contains:contains-> 1'])
    expect(graph.repairs).toMatchObject([{ kind: 'missing-parent', node: ref('3') }])
  })

  it('takes the captured value where the producer is missing', async () => {
    const graph = await graphOf([
      span({
        id: '1',
        attributes: { ...op({ x: 'a value' }), 'trace2.inputs': [`x=${ref('9')}`, 'nonsense'] },
      }),
    ])
    expect(edges(graph)).toEqual([`value:${valueHash('a value').slice(0, 4)} -exact:x-> 1`])
    expect(graph.repairs.map((repair) => repair.kind)).toEqual([
      'malformed-input',
      'missing-producer',
    ])
  })

  it('reports a parameter whose value was never seen', async () => {
    const graph = await graphOf([
      span({ id: '1', attributes: { ...op({}), 'trace2.inputs': ['p=param:p@1'] } }),
    ])
    expect(graph.repairs).toMatchObject([{ kind: 'missing-parameter', node: 'param:p@1' }])
  })
})

describe('several runs in one trace', () => {
  const runs = [
    span({ id: '1', attributes: op({}) }),
    span({ id: '2', parent: '1', at: 1, attributes: op({}, { 'trace2.kind': 'run' }) }),
    span({ id: '3', parent: '1', at: 2, attributes: op({}, { 'trace2.kind': 'run' }) }),
    span({
      id: '4',
      parent: '3',
      at: 3,
      attributes: { ...op({ x: 'value' }), 'trace2.inputs': [`x=${ref('2')}`] },
    }),
  ]

  it('are one run for each run span, with what is inside it', async () => {
    const store = await storeWith(runs)
    expect((await store.runs()).map((run) => [run.id, run.spans])).toEqual([
      [`${traceId('a')}:${spanId('3')}`, 2],
      [`${traceId('a')}:${spanId('2')}`, 1],
    ])
    const graph = await store.graph(`${traceId('a')}:${spanId('3')}`)
    expect(graph.output).toBe(ref('3'))
    expect(edges(graph)).toContain(`value:${valueHash('value').slice(0, 4)} -exact:x-> 4`)
    expect(graph.repairs).toEqual([])
  })
})

describe('links into other traces', () => {
  const spans = [
    span({ trace: 'b', id: '7', attributes: { ...op({ q: 'what' }), 'output.value': 'found it' } }),
    span({ trace: 'b', id: '8', at: 1, attributes: op({}) }),
    span({
      id: '1',
      at: 2,
      attributes: { ...op({ x: 'found it' }), 'trace2.inputs': [`x=${ref('7', 'b')}`] },
    }),
  ]

  it('are followed when asked for, as far as data came from there', async () => {
    const graph = await graphOf(spans, { followLinks: true })
    expect(graph.edges.map((edge) => edge.from)).toContain(ref('7', 'b'))
    expect(graph.nodes.map((node) => node.id)).not.toContain(ref('8', 'b'))
  })

  it('end at the value that came in otherwise', async () => {
    const graph = await graphOf(spans)
    expect(graph.nodes).toHaveLength(2)
    expect(graph.repairs).toEqual([])
  })
})

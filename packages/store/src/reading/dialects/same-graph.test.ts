import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { graphHash } from '../../graph/graph-hash.ts'
import { openStore } from '../../open.ts'
import type { Store } from '../../store.ts'
import {
  agent,
  question,
  reply,
  runIn,
  spellings,
  system,
} from '../../testing/dialect-runs/index.ts'
import { spanId, traceId } from '../../testing/spans.ts'

let store: Store
beforeEach(async () => {
  store = await openStore(':memory:')
})
afterEach(() => store.close())

const reference = spellings.gen_ai
if (!reference) throw new Error('the reference run is missing')

it('gives a run of an agent its graph: prompt, tool, dataflow', async () => {
  await store.writeSpans(runIn(reference))
  const graph = await store.graph(traceId('a'))
  const names = new Map(
    graph.nodes.map((node) => {
      if (node.kind === 'parameter') return [node.id, node.name]
      return [node.id, 'op' in node ? `${node.op} ${node.spanId.at(-1)}` : 'value']
    }),
  )
  const edges = graph.edges
    .filter(({ how }) => how !== 'contains')
    .map(({ from, to, role, how }) => `${names.get(from)} -> ${names.get(to)}: ${role} ${how}`)
  expect(edges.sort()).toEqual([
    'chat 2 -> look_up 3: arguments text',
    'look_up 3 -> chat 4: input text',
    `${agent}.system -> chat 2: system exact`,
    `${agent}.system -> chat 4: system exact`,
    'tool.look_up.description -> chat 2: tool.look_up exact',
    'tool.look_up.description -> chat 4: tool.look_up exact',
    'value -> chat 2: input exact',
    'value -> chat 4: input exact',
    'value -> look_up 3: input exact',
    `value -> ${agent} 1: input exact`,
  ])
  expect(graph.repairs).toEqual([])
  expect(graph.nodes.find(({ id }) => id === graph.output)).toMatchObject({ value: reply })
  expect(graph.nodes.find((n) => n.kind === 'parameter' && n.value === system)).toMatchObject({
    trainable: true,
  })
})

it.each(Object.entries(spellings))('gives the same graph for a run in %s', async (_, spelling) => {
  await store.writeSpans([...runIn(reference, 'a'), ...runIn(spelling, 'b')])
  const [expected, found] = await Promise.all(['a', 'b'].map((id) => store.graph(traceId(id))))
  const { nodes, edges } = found ?? { nodes: [], edges: [] }
  expect({ nodes: nodes.map(shape), edges: edges.length }).toEqual({
    nodes: expected?.nodes.map(shape),
    edges: expected?.edges.length,
  })
  expect(found && graphHash(found)).toBe(expected && graphHash(expected))
})

type Spelling = (typeof spellings)[string]

it.each<[string, string, (spelling: Spelling) => Spelling]>([
  [
    'a workflow, which has its name where an agent has it',
    'gen_ai',
    (spelling) => ({
      ...spelling,
      agent: { ...spelling.agent, 'gen_ai.operation.name': 'invoke_workflow' },
    }),
  ],
  [
    'calls recorded as the arguments of Python functions',
    'openllmetry',
    (spelling) => ({
      ...spelling,
      agent: { ...spelling.agent, 'traceloop.entity.input': called([question], {}) },
      tool: { ...spelling.tool, 'traceloop.entity.input': called([], { parcel: '4711' }) },
    }),
  ],
])('gives the same graph for %s', async (_, name, change) => {
  const spelling = spellings[name]
  if (!spelling) throw new Error(`${name} is missing`)
  await store.writeSpans([...runIn(reference, 'a'), ...runIn(change(spelling), 'b')])
  const [expected, found] = await Promise.all(['a', 'b'].map((id) => store.graph(traceId(id))))
  expect(found?.nodes.map(shape)).toEqual(expected?.nodes.map(shape))
})

function called(args: readonly unknown[], kwargs: object): string {
  return JSON.stringify({ args, kwargs })
}

it('takes a prompt that only the agent around has a name for as the agent’s (AI SDK 7)', async () => {
  const instructions = JSON.stringify([{ type: 'text', content: system }])
  const said = [
    { type: 'tool_call', id: 'call_1', name: 'look_up', arguments: { parcel: '4711' } },
    { type: 'tool_call_response', id: 'call_1', response: { city: 'Lyon' } },
    { type: 'text', content: reply },
  ]
  const nameless = {
    ...reference,
    agent: {
      ...reference.agent,
      'gen_ai.system_instructions': instructions,
      'gen_ai.output.messages': JSON.stringify([{ role: 'assistant', parts: said }]),
    },
    chat: (exchange: Parameters<Spelling['chat']>[0]) => {
      const { 'gen_ai.agent.name': _, ...rest } = reference.chat(exchange)
      return rest
    },
  }
  await store.writeSpans(runIn(nameless))
  const graph = await store.graph(traceId('a'))
  const prompts = graph.nodes.filter((n) => n.kind === 'parameter' && n.value === system)
  expect(prompts).toMatchObject([{ name: `${agent}.system` }])
  expect(graph.edges.filter(({ from }) => from === prompts[0]?.id)).toHaveLength(2)
  expect(graph.nodes.find(({ id }) => id === graph.output)).toMatchObject({ value: reply })
})

function shape(node: Awaited<ReturnType<Store['graph']>>['nodes'][number]) {
  if (node.kind === 'parameter') return { name: node.name, value: node.value }
  return 'op' in node ? { op: node.op, inputs: node.inputs, value: node.value } : node.value
}

it('recognizes each run by its own dialect', async () => {
  for (const [name, spelling] of Object.entries(spellings)) {
    await store.writeSpans(runIn(spelling, traceOf(name)))
    const { rows } = await store.sql(
      `SELECT DISTINCT dialect FROM v_span WHERE trace_id = '${traceId(traceOf(name))}'`,
    )
    expect(rows).toContainEqual([name])
  }
})

function traceOf(name: string): string {
  return Buffer.from(name).toString('hex').slice(0, 20)
}

it('hashes a graph whatever the ids, the times and the order of its spans', async () => {
  await store.writeSpans(runIn(reference, 'a'))
  const expected = graphHash(await store.graph(traceId('a')))
  let trace = 0
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
      fc.uniqueArray(fc.integer({ min: 16, max: 4000 }), { minLength: 4, maxLength: 4 }),
      async (order, ids) => {
        const name = `b${(trace++).toString(16)}`
        const renamed = (id: string) => spanId((ids[Number(id) - 1] ?? 0).toString(16))
        // At another time, and slower; the order in which the spans ran is part of what happened.
        const [pace = 1, shift = 0] = ids
        const all = runIn(reference, name)
        const start = all[0]?.startNs ?? 0n
        const moved = (ns: bigint) => start + (ns - start) * BigInt(pace) + BigInt(shift)
        const spans = all.map((one) => ({
          ...one,
          spanId: renamed(one.spanId),
          parentSpanId: one.parentSpanId && renamed(one.parentSpanId),
          startNs: moved(one.startNs),
          endNs: moved(one.endNs),
        }))
        await store.writeSpans(order.flatMap((i) => spans[i] ?? []))
        expect(graphHash(await store.graph(traceId(name)))).toBe(expected)
      },
    ),
    { numRuns: 15 },
  )
})

it('hashes graphs apart that differ in a value, a name or an edge', async () => {
  await store.writeSpans(runIn(reference))
  const graph = await store.graph(traceId('a'))
  const hash = graphHash(graph)
  const [node, ...nodes] = graph.nodes
  const other = [
    { ...graph, edges: graph.edges.slice(1) },
    { ...graph, output: graph.nodes[0]?.id ?? '' },
    {
      ...graph,
      nodes: graph.nodes.map((n) => (n.kind === 'input' ? { ...n, value: 'other' } : n)),
    },
    { ...graph, nodes: graph.nodes.map((n) => ('op' in n ? { ...n, op: `${n.op}2` } : n)) },
  ]
  for (const changed of other) expect(graphHash(changed)).not.toBe(hash)
  expect(graphHash({ ...graph, nodes: node ? [...nodes, node] : nodes })).toBe(hash)
})

import { expect, it, onTestFinished, vi } from 'vitest'
import type { GraphEdge } from '../../../graph/graph.ts'
import type { SpanRecord } from '../../../otlp/index.ts'
import { type SpanSketch, span, spanId, traceId } from '../../../testing/spans.ts'
import { type OpenDatabase, openDatabase } from '../duckdb-store.ts'

const run = traceId('a')
const id = (at: number) => (at + 1).toString(16)
const refers = (role: string, at: number) => `${role}=span:${run}:${spanId(id(at))}`

const SPANS_AT_ONCE = 20_000

/** A store with one trace: what is not said of its spans is the same in all of them. */
async function storeOf(
  size: number,
  sketch: (at: number) => Partial<SpanSketch>,
): Promise<OpenDatabase> {
  const open = await openDatabase(':memory:')
  onTestFinished(() => open.store.close())
  const one = (at: number): SpanRecord => {
    const { attributes, ...rest } = sketch(at)
    const kind = at === 0 ? 'run' : 'op'
    return span({
      id: id(at),
      at,
      ...(at > 0 && { parent: id(0) }),
      attributes: { 'trace2.kind': kind, 'trace2.op': 'step', ...attributes },
      ...rest,
    })
  }
  for (let from = 0; from < size; from += SPANS_AT_ONCE) {
    const some = Math.min(SPANS_AT_ONCE, size - from)
    await open.store.writeSpans(Array.from({ length: some }, (_, at) => one(from + at)))
  }
  return open
}

/** Counts the rows that are read from now on. */
function rowsRead({ database }: OpenDatabase): () => number {
  let rows = 0
  const read = database.read.bind(database)
  vi.spyOn(database, 'read').mockImplementation(async (...args) => {
    const reader = await read(...args)
    rows += reader.currentRowCount
    return reader
  })
  return () => rows
}

const leftOut = (repairs: readonly { readonly kind: string; readonly detail: string }[]) =>
  repairs.flatMap(({ kind, detail }) => (kind === 'left-out' ? [detail] : []))

it('reads the beginning of a trace of 200,000 spans and says so; runs are listed meanwhile', {
  timeout: 240_000,
}, async () => {
  const open = await storeOf(200_000, (at) => ({ attributes: { 'output.value': `result ${at}` } }))
  const rows = rowsRead(open)
  const graph = await open.store.graph(run)
  expect(rows()).toBeLessThan(10_100)
  expect(graph.nodes).toHaveLength(10_000)
  expect(graph.output).toBe(`span:${run}:${spanId(id(0))}`)
  expect(graph.repairs).toEqual([
    {
      kind: 'left-out',
      node: graph.output,
      detail: expect.stringContaining('190,000 spans of 200,000 that started last'),
    },
  ])
  expect((await open.store.graph(run, { maxSpans: 10 })).nodes).toHaveLength(10)

  const answered: string[] = []
  await Promise.all([
    open.store.graph(run).then(() => answered.push('graph')),
    open.store.runs().then(([found]) => answered.push(`${found?.spans} spans`)),
  ])
  expect(answered).toEqual(['200000 spans', 'graph'])
})

it('puts 100,000 spans together that run inside one another', { timeout: 240_000 }, async () => {
  const size = 100_000
  const { store } = await storeOf(size, (at) => (at === 0 ? {} : { parent: id(at - 1) }))
  const { nodes, edges, repairs } = await store.graph(run, { maxSpans: size })
  expect(nodes).toHaveLength(size)
  expect(edges).toHaveLength(size - 1)
  expect(nodes.at(-1)?.level).toBe(size - 1)
  const place = new Map(nodes.map((node, at) => [node.id, at]))
  const isForward = ({ from, to }: GraphEdge) => (place.get(from) ?? size) < (place.get(to) ?? 0)
  expect(edges.every(isForward)).toBe(true)
  expect(repairs).toEqual([])
})

it('has 100,000 edges into one operator', { timeout: 240_000 }, async () => {
  const size = 100_002
  const all = Array.from({ length: size - 2 }, (_, at) => refers(`r${at}`, at + 1))
  const { store } = await storeOf(size, (at) =>
    at === size - 1 ? { attributes: { 'trace2.inputs': all } } : {},
  )
  const { edges } = await store.graph(run, { maxSpans: size })
  const into = edges.filter(({ to }) => to === `span:${run}:${spanId(id(size - 1))}`)
  expect(into).toHaveLength(size - 2)
})

it('begins with the run where a trace has several', async () => {
  const second = 600
  const { store } = await storeOf(1_000, (at) => ({
    ...(at > second && { parent: id(second) }),
    ...(at === second && { attributes: { 'trace2.kind': 'run' } }),
  }))
  const { nodes, repairs } = await store.graph(`${run}:${spanId(id(second))}`, { maxSpans: 100 })
  const spans = nodes.flatMap((node) => ('spanId' in node ? [node.spanId] : []))
  expect(spans.sort()).toEqual(
    Array.from({ length: 100 }, (_, at) => spanId(id(second + at))).sort(),
  )
  expect(leftOut(repairs)).toHaveLength(1)
  await expect(store.graph(`${run}:${spanId(id(1))}`, { maxSpans: 100 })).rejects.toMatchObject({
    code: 'T2_RUN_UNKNOWN',
  })
})

it('looks at no more than some of the edges that equal values could have', async () => {
  const value = 'the same everywhere'
  const { store } = await storeOf(2_000, () => ({
    attributes: { 'input.value': JSON.stringify({ x: value }), 'output.value': value },
  }))
  const { edges, repairs } = await store.graph(run)
  expect(edges.length).toBeLessThan(260_000)
  expect(leftOut(repairs)).toEqual([expect.stringContaining('not all such edges')])
})

it('reads long values as far as they fit', { timeout: 120_000 }, async () => {
  const { store } = await storeOf(70, (at) => ({
    attributes: { 'output.value': `${at} `.padStart(1024 * 1024, `${at % 7} `) },
  }))
  const { nodes, repairs } = await store.graph(run)
  const read = nodes.filter((node) => 'op' in node && node.value !== null)
  expect(read).toHaveLength(64)
  expect(leftOut(repairs)).toEqual([expect.stringMatching(/^Long values of 6 spans/)])
})

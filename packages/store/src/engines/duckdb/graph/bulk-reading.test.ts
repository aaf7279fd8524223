import { expect, it, onTestFinished, vi } from 'vitest'
import type { RunGraph } from '../../../graph/graph.ts'
import { graphHash } from '../../../graph/graph-hash.ts'
import type { SpanRecord } from '../../../otlp/index.ts'
import { span, spanId, traceId } from '../../../testing/spans.ts'
import { type OpenDatabase, openDatabase } from '../duckdb-store.ts'

const name = (at: number) => (at + 1).toString(16)
/** Ids of 128 random bits, more or less. */
const random = (at: number) =>
  [1, 2, 3, 4]
    .map((n) => ((at + 1) * 2654435761 * n).toString(16).padStart(8, '7').slice(-8))
    .join('')

/** A run of three calls, each of which uses the one before, with a parameter. */
function run(at: number, trace = random(at), answer = `answer ${at}`): SpanRecord[] {
  const of = (index: number, attributes: Record<string, string | string[] | boolean>) => ({
    ...span({
      id: name(index),
      ...(index > 0 && { parent: name(0) }),
      at: at * 10 + index,
      attributes: {
        'trace2.kind': index === 0 ? 'run' : 'op',
        'trace2.op': `step ${index}`,
        'output.value': `${answer}.${index}`,
        ...attributes,
      },
    }),
    traceId: trace,
  })
  const ref = (index: number) => `x=span:${trace}:${spanId(name(index))}`
  return [
    of(0, {}),
    of(1, {
      'trace2.inputs': ['prompt=param:p@1'],
      'trace2.param.version.p': '1',
      'trace2.param.value.p': '"Do it."',
      'trace2.param.trainable.p': true,
    }),
    of(2, { 'trace2.inputs': [ref(1), 'prompt=param:p@1'] }),
  ]
}

async function storeOf(spans: readonly SpanRecord[]): Promise<OpenDatabase> {
  const open = await openDatabase(':memory:')
  onTestFinished(() => open.store.close())
  await open.store.writeSpans(spans)
  return open
}

/** Counts the queries that are asked from now on. */
function queriesAsked({ database }: OpenDatabase): () => number {
  const read = vi.spyOn(database, 'read')
  const chunks = vi.spyOn(database, 'chunks')
  return () => read.mock.calls.length + chunks.mock.calls.length
}

async function all(graphs: AsyncIterable<RunGraph>): Promise<RunGraph[]> {
  const found: RunGraph[] = []
  for await (const graph of graphs) found.push(graph)
  return found
}

const traces = (count: number) => Array.from({ length: count }, (_, at) => random(at))
const runs = (count: number) => Array.from({ length: count }, (_, at) => run(at)).flat()

it('asks as often for 200 runs as for 20, and a few times more for 700', async () => {
  const asked: number[] = []
  for (const count of [20, 200, 700]) {
    const open = await storeOf(runs(count))
    const queries = queriesAsked(open)
    expect(await all(open.store.graphs(traces(count)))).toHaveLength(count)
    asked.push(queries())
  }
  const [few = 0, more = 0, many = 0] = asked
  expect(more).toBe(few)
  // Where they are, once, and what they hold, three times.
  expect(many).toBe(few + 2)
})

it('asks no more often where a program numbers its traces with 64 bits', async () => {
  const count = 700
  const ids = Array.from({ length: count }, (_, at) => traceId(name(at)))
  const open = await storeOf(ids.flatMap((id, at) => run(at, id)))
  const queries = queriesAsked(open)
  expect((await all(open.store.graphs(ids))).map((graph) => graph.run)).toEqual(ids)
  expect(queries()).toBeLessThan(10)
})

it('reads the same of many runs as of each, whatever the order', async () => {
  const count = 60
  const open = await storeOf(runs(count))
  const order = traces(count).sort()
  const together = await all(open.store.graphs(order))
  expect(together.map((graph) => graph.run)).toEqual(order)
  for (const graph of together) expect(graph).toEqual(await open.store.graph(graph.run))
  expect(together[0]?.nodes.map(({ kind }) => kind)).toEqual(['parameter', 'op', 'op', 'op'])
})

it.each([
  ['ends a value', '\u001f'],
  ['ends a column', '\u001d'],
  ['stands for nothing', '\u001e'],
])('reads names with the character that %s in the columns of a trace', async (_what, mark) => {
  const usual = run(0)
  for (const unusual of [mark, `a${mark}b`, `${mark}${mark}`, '']) {
    const named = usual.map((one) => ({
      ...one,
      attributes: new Map(one.attributes).set('trace2.op', unusual).set('trace2.source', unusual),
    }))
    const { store } = await storeOf([...named, ...run(1)])
    const [graph, other] = await all(store.graphs(traces(2)))
    const ops = graph?.nodes.flatMap((node) => ('op' in node ? [node] : [])) ?? []
    expect(ops).toHaveLength(3)
    // An empty name is none: those of the spans stand there.
    const names = unusual === '' ? usual.map((one) => one.name) : [unusual]
    expect(new Set(ops.map(({ op }) => op))).toEqual(new Set(names))
    expect(other?.nodes).toHaveLength(4)
  }
})

it('has the same graph whether a trace is read in columns or span by span', async () => {
  const { store } = await storeOf(run(0))
  const other = await storeOf(
    run(0).map((one, at) => ({
      ...one,
      // A model of this name stands in no graph hash, and is no column of a text.
      attributes:
        at === 1 ? new Map(one.attributes).set('gen_ai.request.model', '\u001e') : one.attributes,
    })),
  )
  const [columns] = await all(store.graphs(traces(1)))
  const [rows] = await all(other.store.graphs(traces(1)))
  expect(rows?.nodes.filter((node) => 'model' in node && node.model === '\u001e')).toHaveLength(1)
  expect(rows && graphHash(rows)).toBe(columns && graphHash(columns))
})

it('reads no further than a few runs ahead where its reader stops', async () => {
  const open = await storeOf(runs(700))
  const queries = queriesAsked(open)
  for await (const graph of open.store.graphs(traces(700))) if (graph.run === random(2)) break
  await open.database.idle()
  expect(queries()).toBeLessThan(6)
})

it('ends with its signal', async () => {
  const open = await storeOf(runs(300))
  const stop = new AbortController()
  const seen: string[] = []
  const reading = async () => {
    for await (const graph of open.store.graphs(traces(300), { signal: stop.signal })) {
      seen.push(graph.run)
      if (seen.length === 5) stop.abort()
    }
  }
  await expect(reading()).rejects.toMatchObject({ code: 'T2_SQL_ENDED' })
  expect(seen).toEqual(traces(5))
})

import fc from 'fast-check'
import { afterEach, expect, it, vi } from 'vitest'
import type { RunGraph } from '../../../graph/graph.ts'
import type { SpanRecord } from '../../../otlp/records.ts'
import { span, spanId, traceId } from '../../../testing/spans.ts'
import { type OpenDatabase, openDatabase } from '../duckdb-store.ts'

const open: OpenDatabase[] = []
afterEach(async () => {
  for (const { store } of open.splice(0)) await store.close()
})

async function storeWith(spans: readonly SpanRecord[]): Promise<OpenDatabase> {
  const opened = await openDatabase(':memory:')
  open.push(opened)
  await opened.store.writeSpans(spans)
  return opened
}

const traceAt = (at: number) => (at + 1).toString(16)
const output = (at: number) => `span:${traceId(traceAt(at))}:${spanId('1')}`

/** A call in a trace of its own that was given the outputs of others. */
function call(at: number, given: readonly number[], startsAt = at): SpanRecord {
  const roles = given.map((from, index): [string, string] => [`x${index}`, `value ${from}`])
  return span({
    trace: traceAt(at),
    id: '1',
    at: startsAt,
    attributes: {
      'trace2.kind': 'op',
      'input.value': JSON.stringify(Object.fromEntries(roles)),
      'input.mime_type': 'application/json',
      'trace2.inputs': given.map((from, index) => `x${index}=${output(from)}`),
      'output.value': `value ${at}`,
    },
  })
}

const chain = (length: number) =>
  Array.from({ length }, (_, at) => call(at, at === 0 ? [] : [at - 1]))

const opsOf = ({ nodes }: RunGraph) => nodes.filter(({ kind }) => kind === 'op').map(({ id }) => id)

/** The graph of the last call, and what was asked of the database for it. */
async function read(spans: readonly SpanRecord[]) {
  const { store, database } = await storeWith(spans)
  const rows = vi.spyOn(database, 'rows')
  const graph = await store.graph(spans.at(-1)?.traceId ?? '', { followLinks: true })
  const answers = await Promise.all(rows.mock.results.map(({ value }) => value))
  return { graph, queries: answers.length, rows: answers.flat().length }
}

it.each([40, 1_000])('reads a chain of %i traces whole', async (length) => {
  const { graph } = await read(chain(length))
  expect(opsOf(graph)).toHaveLength(length)
  expect(graph.edges).toHaveLength(length - 1)
  expect(graph.repairs).toEqual([])
})

it('asks a few times more for a chain of twice as many traces, and reads twice as many rows', async () => {
  const [one, two, four] = [
    await read(chain(500)),
    await read(chain(1_000)),
    await read(chain(2_000)),
  ]
  expect(two.queries - one.queries).toBeLessThan(15)
  expect(four.queries - two.queries).toBeLessThan(15)
  expect(four.rows / two.rows).toBeLessThan(2.5)
})

it('asks as often for a thousand traces that one joins as for a hundred', async () => {
  const join = (size: number) => [
    ...Array.from({ length: size }, (_, at) => call(at, [])),
    call(
      size,
      Array.from({ length: size }, (_, at) => at),
    ),
  ]
  const [some, many] = [await read(join(100)), await read(join(1_000))]
  expect(opsOf(many.graph)).toHaveLength(1_001)
  expect(many.queries).toBeLessThanOrEqual(some.queries + 1)
})

it('leaves the earliest out where there are too many spans to read, and says so', async () => {
  const { store } = await storeWith(chain(100))
  const last = traceId(traceAt(99))
  const graph = await store.graph(last, { followLinks: true, maxLinkedSpans: 60 })
  expect(opsOf(graph)).toEqual(Array.from({ length: 61 }, (_, at) => output(at + 39)))
  expect(graph.repairs).toEqual([
    { kind: 'unfollowed-link', node: output(39), detail: `x0=${output(38)}` },
  ])
  expect(graph.nodes.find(({ kind }) => kind === 'input')).toMatchObject({ value: 'value 38' })
})

it('takes an operator out of the run that it was part of without calling the run missing', async () => {
  const inner = span({
    trace: '1',
    id: '1',
    parent: '2',
    attributes: { 'trace2.kind': 'op', 'output.value': 'value 0' },
  })
  const around = span({ trace: '1', id: '2', attributes: { 'trace2.kind': 'run' } })
  const { graph } = await read([around, inner, call(1, [0])])
  expect(opsOf(graph)).toEqual([output(0), output(1)])
  expect(graph.edges.map(({ how }) => how)).toEqual(['exact'])
  expect(graph.repairs).toEqual([])
})

/** Which earlier calls each call was given, how much of the time between calls passed, and which calls to read. */
const programs = fc.record({
  given: fc.array(fc.array(fc.nat(200), { maxLength: 3 }), { minLength: 1, maxLength: 60 }),
  shuffledBy: fc.constantFrom(0, 0, 5, 1_000),
  pace: fc.constantFrom(0, 0.1, 1),
  asked: fc.array(fc.nat(200), { minLength: 1, maxLength: 4 }),
})

it('gives exactly the calls that data came from, whenever they began and however many graphs are asked for', async () => {
  await fc.assert(
    fc.asyncProperty(programs, async ({ given, shuffledBy, pace, asked }) => {
      const uses = given.map((picks, at) =>
        at === 0 ? [] : [...new Set(picks.map((of) => of % at))],
      )
      const spans = uses.map((from, at) =>
        call(at, from, Math.floor(at * pace) + ((at * 7919) % (shuffledBy + 1))),
      )
      const { store } = await storeWith(spans)
      const ends = asked.map((at) => at % uses.length)
      const runs = ends.map((at) => traceId(traceAt(at)))
      const graphs: RunGraph[] = []
      for await (const graph of store.graphs(runs, { followLinks: true })) graphs.push(graph)
      for (const [index, end] of ends.entries()) {
        const expected = new Set<number>()
        const stack = [end]
        for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
          if (!expected.has(at)) stack.push(...(uses[at] ?? []))
          expected.add(at)
        }
        const graph = graphs[index]
        expect(graph && opsOf(graph).sort()).toEqual([...expected].map(output).sort())
        expect(graph?.repairs).toEqual([])
      }
      await open.pop()?.store.close()
    }),
    { numRuns: 40 },
  )
})

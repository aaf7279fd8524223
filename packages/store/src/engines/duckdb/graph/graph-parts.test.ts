import fc from 'fast-check'
import { afterEach, expect, it } from 'vitest'
import type { GraphEdge } from '../../../graph/graph.ts'
import type { GraphParts } from '../../../graph/parts.ts'
import type { SpanRecord } from '../../../otlp/records.ts'
import { span, spanId, traceId } from '../../../testing/spans.ts'
import { type OpenDatabase, openDatabase } from '../duckdb-store.ts'
import { readTraces } from './graph-parts.ts'

const open: OpenDatabase[] = []
afterEach(async () => {
  for (const { store } of open.splice(0)) await store.close()
})

const values = ['a text', 'another text', 'ok', 1234, { a: 'text', b: 7 }]
const size = 6
const id = fc.integer({ min: 0, max: size }).map((index) => (index + 1).toString(16))
const value = fc.constantFrom(...values)

/** Whose span it is: nearly always one of the same trace; spans of the others are numbered alike. */
const traceOf = fc.option(fc.integer({ min: 1, max: 10 }), { nil: undefined, freq: 4 })

/** What one span is given and gives; ids beyond those of the trace are of spans that were never sent. */
const own = fc.record({
  kind: fc.constantFrom('op', 'op', 'op', 'run', 'feedback'),
  input: fc.dictionary(fc.constantFrom('x', 'y', 'z'), value),
  output: value,
  inputs: fc.array(
    fc.oneof(
      fc.record({ of: id, how: fc.constantFrom('', '#/a', '!value'), trace: traceOf }),
      fc.constantFrom('x=param:p@1', 'y=param:q@2', 'nonsense'),
    ),
    { maxLength: 3 },
  ),
})
const told = fc.constantFrom(
  'Refunded',
  'It is "in"\nHamburg',
  'In Rome',
  '😀😀😀😀',
  '😀😀😀😀😀😀😀😀',
  '\u001b[31mNo space\u001b[0m \u000e',
  '\u001b[31mlong\u001b[0m '.repeat(200),
)
const call = fc.option(fc.constantFrom('call_1', 'call', 'id'), { nil: undefined })
const foreign = fc.record({
  kind: fc.constantFrom('LLM', 'LLM', 'TOOL', 'TOOL', 'RETRIEVER', 'AGENT', 'CHAIN'),
  given: told,
  told,
  asked: call,
  answered: call,
})
const sketch = fc.record({
  parent: fc.option(id, { nil: undefined }),
  linked: fc.option(fc.record({ of: id, trace: traceOf }), { nil: undefined }),
  error: fc.option(fc.constantFrom('', 'It "broke"'), { nil: undefined, freq: 6 }),
  said: fc.oneof(own, foreign),
})
/** In which order spans come, and which come again; there are at most as many as this. */
const arrivals = fc.array(fc.nat(), { minLength: 20 * size, maxLength: 20 * size })
const traces = fc.array(fc.array(sketch, { minLength: 1, maxLength: size }), {
  minLength: 10,
  maxLength: 20,
})

type Foreign = typeof foreign extends fc.Arbitrary<infer T> ? T : never
type Sketch = typeof sketch extends fc.Arbitrary<infer T> ? T : never

function attributesOf(said: Sketch['said'], trace: string): Record<string, string | string[]> {
  if ('told' in said) return foreignAttributes(said)
  return {
    'trace2.kind': said.kind,
    'input.value': JSON.stringify(said.input),
    'input.mime_type': 'application/json',
    'output.value': JSON.stringify(said.output),
    'output.mime_type': 'application/json',
    'trace2.inputs': said.inputs.map((input) =>
      typeof input === 'string'
        ? input
        : `x=span:${traceId(input.trace?.toString(16) ?? trace)}:${spanId(input.of)}${input.how}`,
    ),
  }
}

function foreignAttributes(said: Foreign): Record<string, string> {
  const { kind, given, told, asked, answered } = said
  const common = { 'openinference.span.kind': kind, 'input.value': `${given} and so on` }
  if (kind === 'RETRIEVER') return { ...common, 'retrieval.documents.0.document.content': told }
  if (kind === 'TOOL') {
    return {
      ...common,
      'input.value': JSON.stringify({ city: given }),
      'input.mime_type': 'application/json',
      'output.value': JSON.stringify({ found: told }),
      'output.mime_type': 'application/json',
      'tool.name': 'find',
      ...(asked !== undefined && { 'tool_call.id': asked }),
    }
  }
  if (kind !== 'LLM') {
    const read = JSON.stringify([{ found: given }])
    return {
      ...common,
      'input.value': read,
      'input.mime_type': 'application/json',
      'output.value': kind === 'CHAIN' && asked === 'id' ? JSON.stringify({ told, n: 1 }) : told,
    }
  }
  const input = 'llm.input_messages.0.message.'
  const output = 'llm.output_messages.0.message.'
  const use = `${output}tool_calls.0.tool_call.`
  return {
    ...common,
    [`${input}role`]: answered === undefined ? 'user' : 'tool',
    [`${input}content`]: `${JSON.stringify({ found: given })}, ${given}`,
    ...(answered !== undefined && { [`${input}tool_call_id`]: answered }),
    [`${output}role`]: 'assistant',
    [`${output}content`]: told,
    ...(asked !== undefined && {
      [`${use}id`]: asked,
      [`${use}function.name`]: 'find',
      [`${use}function.arguments`]: JSON.stringify({ city: given }),
    }),
  }
}

const linkTo = ({ of, trace }: NonNullable<Sketch['linked']>, own: string) => {
  return { traceId: traceId(trace?.toString(16) ?? own), spanId: spanId(of) }
}

const parsed = (json: unknown) => (typeof json === 'string' ? JSON.parse(json) : null)

const said = (edges: readonly GraphEdge[]) => [
  ...new Set(
    edges.map((edge) => [edge.from, edge.to, edge.role, edge.pointer, edge.how].join(' ')),
  ),
]

const shown = ({ ops, parameters, inputs }: GraphParts) => [
  ...ops.map(({ id, kind, op, value }) => [id, kind, op, null, value]),
  ...parameters.map(({ id, kind, name, version, value }) => [id, kind, name, version, value]),
  ...inputs.map(({ id, kind, value }) => [id, kind, null, null, value]),
]

it('has the nodes of v_node, the edges of v_edge and the runs of v_run, whatever a trace holds and however it came', async () => {
  const met = new Set<string>()
  await fc.assert(
    fc.asyncProperty(traces, arrivals, async (sketches, arriving) => {
      const opened = await openDatabase(':memory:')
      open.push(opened)
      const { store, database } = opened
      const spans = sketches.flatMap((trace, index) =>
        trace.map(({ parent, linked, error, said }, at) => {
          const name = (index + 1).toString(16)
          return span({
            trace: name,
            id: (at + 1).toString(16),
            ...(parent !== undefined && { parent }),
            ...(error !== undefined && { error }),
            at: (at * 7) % 4,
            attributes: attributesOf(said, name),
            links: linked === undefined ? [] : [linkTo(linked, name)],
          })
        }),
      )
      const key = new Map(spans.map((span, index) => [span, arriving[index] ?? 0]))
      const keyOf = (span: SpanRecord) => key.get(span) ?? 0
      const arrived = spans.toSorted((a, b) => keyOf(a) - keyOf(b))
      const half = Math.ceil(arrived.length / 2)
      await store.writeSpans(arrived.slice(0, half))
      // The rest comes late, with some that had come already.
      await store.writeSpans([
        ...arrived.slice(half),
        ...arrived.filter((span) => keyOf(span) % 3 === 0),
      ])
      const traceIds = sketches.map((_, index) => traceId((index + 1).toString(16)))
      const read = await readTraces(database, traceIds)
      const edges = traceIds.flatMap((trace) => said(read.get(trace)?.parts().edges ?? []))
      const runs = traceIds.flatMap((trace) => [...(read.get(trace)?.runs ?? [])])
      const viewed = await store.sql(
        "SELECT DISTINCT concat_ws(' ', from_id, to_id, role, pointer, how) FROM v_edge",
      )
      const nodes = traceIds.flatMap((trace) => {
        const parts = read.get(trace)?.parts()
        return parts ? shown(parts).map((node) => [trace, ...node]) : []
      })
      const viewedNodes = await store.sql(
        'SELECT trace_id, id, kind, name, version, value FROM v_node',
      )
      const listed = await store.sql('SELECT id, span_id FROM v_run')
      for (const { how } of traceIds.flatMap((trace) => read.get(trace)?.parts().edges ?? [])) {
        met.add(how)
      }
      const inText = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).sort()
      expect(inText(nodes)).toEqual(
        inText(viewedNodes.rows.map((row) => [...row.slice(0, -1), parsed(row.at(-1))])),
      )
      expect(edges.sort()).toEqual(viewed.rows.map(String).sort())
      expect(runs.sort()).toEqual([...listed.rows].sort())
    }),
    { numRuns: 25 },
  )
  for (const how of ['exact', 'value', 'hash', 'text', 'contains', 'link'])
    expect(met).toContain(how)
})

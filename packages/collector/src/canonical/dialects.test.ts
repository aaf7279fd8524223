import { valueHash } from '@trace2/instrumentation/semconv'
import { describe, expect, it } from 'vitest'
import type { GraphNode, RunGraph } from '../graph/graph.ts'
import type { AnyValue } from '../otlp/model.ts'
import { openStore } from '../store/open.ts'
import { dialectRun, dialectRuns } from '../testing/dialect-runs.ts'
import { span, traceId } from '../testing/spans.ts'
import { canonicalRows } from './canonical-span.ts'
import { dialects, fields } from './dialects.ts'
import { parseCaptured } from './read.ts'

async function graphOf(dialect: string): Promise<RunGraph> {
  const store = await openStore(':memory:')
  try {
    await store.writeSpans(dialectRun(dialect))
    return await store.graph(traceId('a'))
  } finally {
    await store.close()
  }
}

/** What a graph says, without the ids and the dialect that said it. */
function essence(graph: RunGraph): unknown {
  const what = (node: GraphNode) =>
    node.kind === 'op'
      ? [node.op, node.inputs, node.value, node.level]
      : [node.kind, node.kind === 'parameter' ? node.name : '', node.value, node.level]
  const named = new Map(graph.nodes.map((node) => [node.id, valueHash(what(node))]))
  const edges = graph.edges.map((e) =>
    [named.get(e.from), named.get(e.to), e.role, e.how].join(' '),
  )
  return {
    nodes: graph.nodes
      .map(what)
      .map((node) => JSON.stringify(node))
      .sort(),
    edges: edges.sort(),
  }
}

describe('one agent run in each dialect', () => {
  it('has its prompt and tool description as parameters, and its dataflow as edges', async () => {
    const graph = await graphOf('gen_ai')
    expect(
      graph.nodes
        .filter((node) => node.kind === 'parameter')
        .map((node) => node.name)
        .sort(),
    ).toEqual(['support.system', 'tool.track_parcel.description'])
    const flow = graph.edges.filter((edge) => edge.how === 'text')
    expect(flow.map((edge) => [edge.from.at(-1), edge.to.at(-1), edge.role])).toEqual([
      ['2', '3', 'arguments'],
      ['3', '4', 'input'],
    ])
    expect(graph.repairs).toEqual([])
  })

  it.each(Object.keys(dialectRuns))('is the same graph: %s', async (dialect) => {
    expect(essence(await graphOf(dialect))).toEqual(essence(await graphOf('gen_ai')))
  })
})

describe('each row of the dialect table', () => {
  const read = (attributes: Record<string, AnyValue>) =>
    canonicalRows(span({ id: '1', attributes })).span

  /** An attribute under the key of a row, whatever its notation. */
  const at = (key: string, value: string) =>
    key.endsWith('.#')
      ? { [key.replace('#', '0.text')]: value }
      : { [key.replace('*', 'role')]: value }

  const marked = dialects.flatMap((dialect) =>
    dialect.marks.map((mark) => ({ dialect: dialect.name, mark })),
  )
  it.each(marked)('$mark marks $dialect', ({ dialect, mark }) => {
    expect(read(at(mark, 'x')).dialect).toBe(dialect)
  })

  const kinds = dialects.flatMap(({ name, opKind, opKinds }) =>
    Object.entries(opKinds).map(([said, kind]) => ({ name, key: opKind[0] ?? '', said, kind })),
  )
  it.each(kinds)('$name: $key=$said is a $kind', ({ name, key, said, kind }) => {
    const mark = dialects.find((dialect) => dialect.name === name)?.marks[0] ?? ''
    expect(read({ ...at(mark, said), [key]: said }).opKind).toBe(kind)
  })

  const values = dialects.flatMap(({ name, marks, input, output }) => [
    ...input.map((key) => ({ name, marks, key, field: 'input' as const })),
    ...output.map((key) => ({ name, marks, key, field: 'output' as const })),
  ])
  it.each(values.filter(({ key }) => !key.startsWith('event:')))(
    '$name: $field from $key',
    (row) => {
      const mark = row.marks.find((each) => !each.includes('*') && !each.includes('#')) ?? ''
      const captured = read({ [mark]: 'tool', ...at(row.key, 'said') })[row.field]
      expect(captured && JSON.stringify(parseCaptured(captured))).toContain('said')
    },
  )

  const texts = (['model', 'provider', 'session', 'callId'] as const).flatMap((field) =>
    fields[field].map((key) => ({ field, key })),
  )
  it.each(texts)('$field from $key', ({ field, key }) => {
    expect(read({ [key]: 'it' })[field]).toBe('it')
  })

  const numbers = (['inputTokens', 'outputTokens', 'costUsd'] as const).flatMap((field) =>
    fields[field].map((key) => ({ field, key })),
  )
  it.each(numbers)('$field from $key', ({ field, key }) => {
    expect(read({ [key]: 7n })[field]).toBe(7)
  })

  it.each(fields.template)('a parameter from %s', (key) => {
    const rows = canonicalRows(
      span({ id: '1', name: 'step', attributes: { [key]: 'Answer {q}.' } }),
    )
    expect(rows.parameters).toMatchObject([
      { name: 'step.prompt_template', value: '"Answer {q}."' },
    ])
  })

  it.each(fields.promptName)('a prompt’s name from %s', (key) => {
    const attributes = { ...dialectRuns.gen_ai?.ask, [key]: 'support/v1' }
    expect(canonicalRows(span({ id: '1', attributes })).uses).toContainEqual(
      expect.objectContaining({ name: 'support/v1' }),
    )
  })
})

describe('older OpenTelemetry', () => {
  it('has messages as span events', () => {
    const record = span({ id: '1', attributes: { 'gen_ai.system': 'openai' } })
    const event = (name: string, content: string) => ({
      name,
      timeNs: 0n,
      attributes: new Map([['content', content]]),
      droppedAttributesCount: 0,
    })
    const events = [
      event('gen_ai.system.message', 'Be brief.'),
      event('gen_ai.user.message', 'Hello?'),
      event('gen_ai.choice', 'Yes.'),
    ]
    const rows = canonicalRows({ ...record, events })
    expect(rows.span.input && parseCaptured(rows.span.input)).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hello?' },
    ])
    expect(rows.span.output).toEqual({ text: 'Yes.', plain: true })
  })
})

describe('OpenTrace’s own attributes', () => {
  it('name parameters and producers', () => {
    const rows = canonicalRows(
      span({
        id: '1',
        attributes: {
          'message.id': 'planner',
          'param.prompt': 'Plan.',
          'param.prompt.trainable': true,
          'inputs.plan': 'span:00000000000000ab',
          'inputs.query': 'lit:what now',
        },
      }),
    )
    expect(rows.parameters).toMatchObject([{ name: 'prompt', value: '"Plan."', trainable: true }])
    expect(rows.inputs.map(({ role, origin, value }) => [role, origin, value])).toEqual([
      ['prompt', 'parameter', null],
      ['plan', 'span', null],
      ['query', 'value', '"what now"'],
    ])
  })
})

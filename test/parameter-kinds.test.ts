import { bundle, parameter, run } from '@trace2/instrumentation'
import { start } from '@trace2/instrumentation/node'
import { expect, it, onTestFinished } from 'vitest'
import { collector } from './support/place.ts'

it('keeps what kind of value each parameter has, from the declaration to the graph, the history and SQL', async () => {
  const { url, store } = await collector()
  const tracing = start({ serviceName: 'agent', endpoint: url })
  onTestFinished(() => tracing.shutdown())
  const declared = {
    'kinds.text': parameter('kinds.text', 'Be brief.'),
    'kinds.number': parameter('kinds.number', 0.7),
    'kinds.integer': parameter('kinds.integer', 3, { schema: { type: 'integer' } }),
    'kinds.boolean': parameter('kinds.boolean', true),
    'kinds.enum': parameter('kinds.enum', 'warm', { schema: { enum: ['warm', 'cold'] } as const }),
    'kinds.object': parameter('kinds.object', { tone: 'warm' }),
    'kinds.list': parameter<string[]>('kinds.list', ['warm']),
    'kinds.tool-description': parameter('kinds.tool-description', 'Sends a letter.', {
      kind: 'tool-description',
    }),
    'kinds.model': parameter('kinds.model', 'small-1', { kind: 'model' }),
    'kinds.code': parameter('kinds.code', 'SELECT 1', { kind: 'code' }),
    'kinds.any': parameter<string | null>('kinds.any', null),
  }
  const shorten = bundle('shorten', (text: string) => text.slice(0, 9), { trainable: true })
  const use = bundle('use', (...values: unknown[]) => values.length)
  const node = await run('agent', async (text: string) =>
    use(shorten(text), ...Object.values(declared)),
  ).node('a long text')
  await tracing.flush()

  const expected = Object.keys(declared).map((name) => [name, name.replace('kinds.', '')])
  expected.push(['shorten.code', 'code'])
  expected.sort()
  const graph = await store.graph(node.traceId ?? '')
  const inGraph = graph.nodes.flatMap((one) =>
    one.kind === 'parameter' ? [[one.name, one.valueKind]] : [],
  )
  expect(inGraph.toSorted()).toEqual(expected)
  expect((await store.parameters()).map(({ name, valueKind }) => [name, valueKind])).toEqual(
    expected,
  )
  const [model] = await store.parameterHistory('kinds.model')
  expect(model).toMatchObject({ value: 'small-1', valueKind: 'model' })
  const rows = await store.sql('SELECT name, kind FROM v_parameter_version ORDER BY name')
  expect(rows.rows.map(Object.values)).toEqual(expected)

  const { version } = await store.addParameterVersion({
    name: 'kinds.model',
    value: 'large-1',
    valueKind: 'model',
    trainable: true,
    description: '',
    schema: null,
  })
  const history = await store.parameterHistory('kinds.model')
  expect(history.find((one) => one.version === version)).toMatchObject({ valueKind: 'model' })
})

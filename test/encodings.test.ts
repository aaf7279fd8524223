import { SpanKind, trace } from '@opentelemetry/api'
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base'
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node'
import { bundle, feedback, parameter, run, t } from '@trace2/instrumentation'
import { expect, it } from 'vitest'
import { collector } from './support/place.ts'

const send = (exporter: SpanExporter, spans: ReadableSpan[]) =>
  new Promise<void>((resolve, reject) => {
    exporter.export(spans, ({ code, error }) => (code === 0 ? resolve() : reject(error)))
  })

async function recordedSpans(): Promise<ReadableSpan[]> {
  const memory = new InMemorySpanExporter()
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(memory)] })
  provider.register()

  const prompt = parameter('greeter.prompt', 'Greet the guest “warmly”.', {
    description: 'One sentence.',
    schema: { type: 'string', maxLength: 200 },
  })
  const greet = bundle('greet', async (name: string, prompt: string) => ({
    text: `${prompt} → Hello, ${name}! ☀`,
    scores: [1, 0.5, -3e-7, 2 ** 53],
  }))
  const shout = bundle('shout', (text: string) => text.toUpperCase())
  const fail = bundle('fail', (text: string) => {
    throw new RangeError(`no greeting for ${text}`)
  })
  const agent = run('greeter', async (name: string) => {
    const greeting = await greet(name, prompt)
    try {
      fail(greeting.text)
    } catch {
      // its span is what matters here
    }
    return shout(t`${greeting.text} And welcome.`)
  })
  const node = await agent.node('Grace Hopper')
  feedback(node, { name: 'warmth', score: 0.25, label: 'cold', comment: 'Use “dear”.' })

  const foreign = trace.getTracer('foreign', '1.2.3')
  const span = foreign.startSpan('chat model-x', {
    kind: SpanKind.CLIENT,
    links: [
      {
        context: { traceId: node.traceId ?? '', spanId: node.spanId ?? '', traceFlags: 1 },
        attributes: { why: 'x' },
      },
    ],
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'model-x',
      'gen_ai.usage.input_tokens': 12,
      text: 'naïve 🙂 "quoted" \\ \n',
      flag: false,
      whole: 7,
      negative: -9007199254740991,
      half: 0.5,
      texts: ['a', 'b'],
      flags: [true, false],
      numbers: [1, 2.5],
      nothing: [],
      __proto__x: 'kept',
    },
  })
  span.addEvent('half way', { progress: 0.5 })
  span.setStatus({ code: 2, message: 'went wrong' })
  span.end()
  await provider.forceFlush()
  const spans = memory.getFinishedSpans()
  await provider.shutdown()
  return spans
}

it('gives identical rows and graphs for the stock JSON and protobuf exporters', async () => {
  const spans = await recordedSpans()
  const [json, protobuf] = [await collector(), await collector()]
  await send(new JsonExporter({ url: `${json.url}/v1/traces` }), spans)
  await send(new ProtobufExporter({ url: `${protobuf.url}/v1/traces` }), spans)

  const views = (
    await json.store.sql(
      "SELECT view_name FROM duckdb_views() WHERE view_name LIKE 'v\\_%' ESCAPE '\\' ORDER BY 1",
    )
  ).rows
  expect(views.length).toBeGreaterThan(8)
  // When the databases were made, not what is in them.
  const own = new Set(['v_schema_meta', 'v_journal_offset'])
  for (const [view] of views.filter(([name]) => !own.has(String(name)))) {
    const query = `SELECT * FROM ${view} ORDER BY ALL`
    const [left, right] = [await json.store.sql(query), await protobuf.store.sql(query)]
    expect(right, String(view)).toEqual(left)
  }
  const [run] = await json.store.runs({ where: "name = 'greeter'" })
  expect(run).toBeDefined()
  const graph = await json.store.graph(run?.id ?? '')
  expect(graph.nodes.length).toBeGreaterThanOrEqual(6)
  expect(await protobuf.store.graph(run?.id ?? '')).toEqual(graph)
})

import { createHash } from 'node:crypto'
import { type Context, context, type Span, SpanStatusCode, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { optimize } from '@trace2/optimizer'
import { startSimulatedModel } from '@trace2/simulated-model'
import OpenAI from 'openai'
import { expect, it, onTestFinished } from 'vitest'
import { collector } from './support/place.ts'

// Everything below up to the test is what somebody writes who has docs/semantic-conventions.md and an
// OpenTelemetry SDK, in whatever language. Nothing of @trace2/instrumentation is used.

const prompt = 'Classify the ticket. Answer with one of: refund, shipping, other.'
const version = createHash('sha256').update(JSON.stringify(prompt)).digest('hex').slice(0, 16)
const promptAttributes = {
  'trace2.param.version.triage.system': version,
  'trace2.param.value.triage.system': JSON.stringify(prompt),
  'trace2.param.trainable.triage.system': true,
  'trace2.param.description.triage.system': 'Instructions for the classifier. At most 120 words.',
}

function sendRun(ticket: string, answer: string, score: number, words: string) {
  const tracer = trace.getTracer('some-agent')
  const start = (name: string, parent: Context, attributes: Record<string, string>) =>
    tracer.startSpan(name, { attributes: { 'trace2.op': name, ...attributes } }, parent)
  const inside = (span: Span) => trace.setSpan(context.active(), span)
  const reference = (span: Span) =>
    `span:${span.spanContext().traceId}:${span.spanContext().spanId}`

  const agent = start('support-agent', context.active(), {
    'trace2.kind': 'run',
    'input.value': JSON.stringify({ ticket }),
  })
  const classify = start('classify', inside(agent), {
    'trace2.kind': 'op',
    'trace2.op.description': 'Asks the model for the category of a ticket.',
    'input.value': JSON.stringify({ ticket, system: prompt }),
    'output.value': answer,
  })
  classify.setAttributes(promptAttributes)
  classify.setAttribute('trace2.inputs', [`system=param:triage.system@${version}`])
  classify.end()
  const route = start('route', inside(agent), {
    'trace2.kind': 'op',
    'input.value': JSON.stringify({ category: answer }),
    'output.value': `queue-${answer}`,
  })
  route.setAttribute('trace2.inputs', [`category=${reference(classify)}`])
  if (answer === 'other') {
    route.recordException(new Error('there is no queue for other'))
    route.setStatus({ code: SpanStatusCode.ERROR, message: 'there is no queue for other' })
  }
  route.end()
  agent.setAttribute('output.value', `queue-${answer}`)
  agent.setAttribute('trace2.inputs', [`return=${reference(route)}`])
  agent.end()

  const carrier = tracer.startSpan('feedback', {
    root: true,
    links: [{ context: agent.spanContext() }],
    attributes: {
      'trace2.kind': 'feedback',
      'gen_ai.evaluation.name': 'accuracy',
      'gen_ai.evaluation.score.value': score,
      'gen_ai.evaluation.explanation': words,
      'trace2.feedback.source': 'human',
    },
  })
  carrier.end()
  return agent.spanContext().traceId
}

it('optimizes runs that were written with plain OpenTelemetry calls', async () => {
  const { url, store } = await collector()
  const provider = new NodeTracerProvider({
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: `${url}/v1/traces` }))],
  })
  trace.disable()
  context.disable()
  provider.register()
  const wrong = sendRun(
    'I want my money back for the broken lamp.',
    'other',
    0,
    'Expected "refund" but got "other": a ticket that mentions "money back" is a refund.',
  )
  const right = sendRun('Where is my parcel?', 'shipping', 1, 'Correct.')
  await provider.forceFlush()
  await provider.shutdown()

  const runs = await store.runs()
  expect(runs.map(({ traceId, score }) => [traceId, score]).sort()).toEqual(
    [
      [wrong, 0],
      [right, 1],
    ].sort(),
  )
  const graph = await store.graph(wrong)
  expect(graph.repairs).toEqual([])
  const name = new Map(graph.nodes.map((node) => [node.id, 'op' in node ? node.op : node.id]))
  const edges = graph.edges.map(
    ({ from, to, role, how }) => `${name.get(from)} -> ${name.get(to)} ${role} ${how}`,
  )
  expect(edges).toContain(`param:triage.system@${version} -> classify system exact`)
  expect(edges).toContain('classify -> route category exact')
  expect(edges).toContain('route -> support-agent return exact')
  expect(graph.nodes.find((node) => 'op' in node && node.op === 'route')?.kind).toBe('exception')

  const model = await startSimulatedModel({ seed: 1 })
  onTestFinished(() => model.close())
  const client = new OpenAI({ apiKey: 'none', baseURL: model.url })
  const { proposals, unreached } = await optimize(store, { client, model: 'simulated-small' })
  expect(unreached).toEqual([])
  expect(proposals).toHaveLength(1)
  expect(proposals[0]).toMatchObject({
    parameter: 'triage.system',
    baseVersion: version,
    baseValue: prompt,
  })
  expect(proposals[0]?.value).toMatch(/money back/)
  expect(proposals[0]?.runs).toContain(wrong)
})

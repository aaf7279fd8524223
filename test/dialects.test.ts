import { createOpenAI } from '@ai-sdk/openai'
import { OpenAIInstrumentation } from '@arizeai/openinference-instrumentation-openai'
import { context, trace } from '@opentelemetry/api'
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-node'
import type { Store } from '@trace2/collector/store'
import { optimize } from '@trace2/optimizer'
import { startSimulatedModel } from '@trace2/simulated-model'
import { generateText } from 'ai'
import OpenAI from 'openai'
import { expect, it, onTestFinished } from 'vitest'
import { collector } from './support/place.ts'

// The programs below know nothing of Trace2: they use their own instrumentation and a stock exporter.

const prompt = 'Classify the ticket. Answer with one of: refund, shipping, other.'
const tickets = [
  { ticket: 'Money back for the broken lamp, now.', label: 'refund', cue: 'money back' },
  { ticket: 'My lamp has not arrived and I am waiting.', label: 'shipping', cue: 'not arrived' },
  { ticket: 'Do you sell gift cards?', label: 'other', cue: 'gift cards' },
] as const

function provider(exporter: SpanExporter): NodeTracerProvider {
  trace.disable()
  context.disable()
  const made = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] })
  made.register()
  onTestFinished(() => made.shutdown())
  return made
}

async function model() {
  const simulated = await startSimulatedModel({ seed: 1 })
  onTestFinished(() => simulated.close())
  return simulated
}

/** What a user says of the runs, long after them; then one step of the optimizer. */
async function judgeAndOptimize(store: Store, url: string) {
  for (const run of await store.runs()) {
    const graph = await store.graph(run.id)
    const asked = JSON.stringify(graph.nodes.map(({ id: _, ...node }) => node))
    const expected = tickets.find(({ ticket }) => asked.includes(ticket))
    const answer = graph.nodes.find(({ id }) => id === graph.output)
    const right = answer?.kind === 'op' && answer.value === expected?.label
    await store.addFeedback({
      traceId: run.traceId,
      spanId: run.spanId,
      name: 'accuracy',
      score: right ? 1 : 0,
      comment: right
        ? 'Correct.'
        : `Expected "${expected?.label}": a ticket that mentions "${expected?.cue}" is a ${expected?.label}.`,
    })
  }
  const client = new OpenAI({ apiKey: 'none', baseURL: url })
  return optimize(store, { client, model: 'simulated-small' })
}

it('optimizes a program that OpenInference instruments', async () => {
  const { url, store } = await collector()
  const { url: baseURL } = await model()
  const tracing = provider(new ProtobufExporter({ url: `${url}/v1/traces` }))
  const instrumentation = new OpenAIInstrumentation({ tracerProvider: tracing })
  // A class of its own, so that the optimizer's client stays as it is.
  class Client extends OpenAI {}
  instrumentation.manuallyInstrument(Client)

  const client = new Client({ apiKey: 'none', baseURL })
  for (const { ticket } of tickets) {
    await client.chat.completions.create({
      model: 'simulated-small',
      messages: [
        { role: 'system', content: prompt },
        { role: 'user', content: ticket },
      ],
    })
  }
  instrumentation.disable()
  await tracing.forceFlush()

  expect(await store.runs()).toHaveLength(tickets.length)
  const [known] = await store.parameters()
  expect(known).toMatchObject({ value: prompt, trainable: true, runs: tickets.length })
  const { proposals, unreached } = await judgeAndOptimize(store, baseURL)
  expect(unreached).toEqual([])
  expect(proposals).toMatchObject([{ parameter: known?.name, baseValue: prompt }])
  expect(proposals[0]?.value).not.toBe(prompt)
})

it('optimizes a program of the Vercel AI SDK', async () => {
  const { url, store } = await collector()
  const { url: baseURL } = await model()
  const tracing = provider(new JsonExporter({ url: `${url}/v1/traces` }))

  const openai = createOpenAI({ apiKey: 'none', baseURL })
  for (const { ticket } of tickets) {
    await generateText({
      model: openai.chat('simulated-small'),
      system: prompt,
      prompt: ticket,
      experimental_telemetry: { isEnabled: true, functionId: 'triage' },
    })
  }
  await tracing.forceFlush()

  expect(await store.parameters()).toMatchObject([
    { name: 'triage.system', value: prompt, trainable: true, runs: tickets.length },
  ])
  const [run] = await store.runs()
  const graph = await store.graph(run?.id ?? '')
  const ops = graph.nodes.flatMap((node) => ('op' in node ? [node.op] : []))
  expect(ops).toEqual(['chat', 'triage'])
  expect(graph.repairs).toEqual([])
  const { proposals, unreached } = await judgeAndOptimize(store, baseURL)
  expect(unreached).toEqual([])
  expect(proposals).toMatchObject([{ parameter: 'triage.system', baseValue: prompt }])
})

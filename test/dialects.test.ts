import { createOpenAI } from '@ai-sdk/openai'
import { OpenAIInstrumentation } from '@arizeai/openinference-instrumentation-openai'
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { generateText } from 'ai'
import OpenAI from 'openai'
import { expect, it } from 'vitest'
import {
  classifyAll,
  judgeAndOptimize,
  model,
  prompt,
  provider,
  tickets,
} from './support/foreign.ts'
import { collector } from './support/place.ts'

// The programs below know nothing of Trace2: they use their own instrumentation and a stock exporter.

const exporters = { json: JsonExporter, protobuf: ProtobufExporter }
const encodings = Object.keys(exporters) as (keyof typeof exporters)[]

it.each(encodings)(
  'optimizes a program that OpenInference instruments, sent as %s',
  async (encoding) => {
    const place = await collector()
    const baseURL = await model()
    const tracing = provider(new exporters[encoding]({ url: `${place.url}/v1/traces` }))
    const instrumentation = new OpenAIInstrumentation({ tracerProvider: tracing })
    // A class of its own, so that the next test's client stays as it is.
    class Client extends OpenAI {}
    instrumentation.manuallyInstrument(Client)

    const client = new Client({ apiKey: 'none', baseURL })
    await classifyAll(client)
    instrumentation.disable()
    await tracing.forceFlush()

    // What is acknowledged is durable, and in the store a little later.
    await expect.poll(() => place.store.runs(), { timeout: 30_000 }).toHaveLength(tickets.length)
    const [known] = await place.store.parameters()
    expect(known).toMatchObject({ value: prompt, trainable: true, runs: tickets.length })
    const proposals = await judgeAndOptimize(place, baseURL)
    expect(proposals).toMatchObject([{ parameter: known?.name, baseValue: prompt }])
    expect(proposals[0]?.value).not.toBe(prompt)
  },
)

it.each(encodings)('optimizes a program of the Vercel AI SDK, sent as %s', async (encoding) => {
  const place = await collector()
  const { store, url } = place
  const baseURL = await model()
  const tracing = provider(new exporters[encoding]({ url: `${url}/v1/traces` }))

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
  const proposals = await judgeAndOptimize(place, baseURL)
  expect(proposals).toMatchObject([{ parameter: 'triage.system', baseValue: prompt }])
  expect(proposals[0]?.value).not.toBe(prompt)
})

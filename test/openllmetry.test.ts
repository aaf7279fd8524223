import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { OpenAIInstrumentation } from '@traceloop/instrumentation-openai'
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

// In a file of its own: this instrumentation changes the class of the client for the whole process.
it('optimizes a program that OpenLLMetry instruments', async () => {
  const place = await collector()
  const baseURL = await model()
  const tracing = provider(new OTLPTraceExporter({ url: `${place.url}/v1/traces` }))
  const instrumentation = new OpenAIInstrumentation()
  instrumentation.setTracerProvider(tracing)
  instrumentation.manuallyInstrument(OpenAI)

  const client = new OpenAI({ apiKey: 'none', baseURL })
  await classifyAll(client)
  await tracing.forceFlush()

  const [known] = await place.store.parameters()
  expect(known).toMatchObject({ value: prompt, trainable: true, runs: tickets.length })
  const proposals = await judgeAndOptimize(place, baseURL)
  expect(proposals).toMatchObject([{ parameter: known?.name, baseValue: prompt }])
  expect(proposals[0]?.value).not.toBe(prompt)
})

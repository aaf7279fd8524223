import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundle, currentRun, parameter, run } from '../index.ts'
import { findOutput, rememberOutputs, useTracerProvider } from './index.ts'

const exporter = new InMemorySpanExporter()
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
beforeAll(() => {
  // Neither this provider nor a context manager is registered, as in a program without any OpenTelemetry.
  useTracerProvider(provider)
  rememberOutputs()
})
afterAll(async () => {
  useTracerProvider(undefined)
  await provider.shutdown()
})

const idsOf = (name: string) => {
  const span = exporter.getFinishedSpans().findLast((span) => span.name === name)
  const { traceId, spanId } = span?.spanContext() ?? {}
  return { traceId, spanId }
}

test('a value, a node and an error lead to the span that produced them last', async () => {
  const answer = bundle('live-answer', (n: number) => `answer ${n}`)
  const object = bundle('live-object', async () => ({ deep: true }))
  const fails = bundle('live-fails', () => {
    throw new Error('no')
  })
  answer(1)
  const text = answer(1)
  expect(findOutput(text)).toEqual(idsOf('live-answer'))
  expect(findOutput(answer.node(2))).toEqual(idsOf('live-answer'))
  expect(findOutput(await object())).toEqual(idsOf('live-object'))
  try {
    fails()
  } catch (error) {
    expect(findOutput(error)).toEqual(idsOf('live-fails'))
  }
  expect(findOutput('never produced')).toBeUndefined()
})

test('runs hang together without a context manager, also when they interleave', async () => {
  exporter.reset()
  const step = bundle('live-step', async (n: number) => {
    await new Promise((done) => setTimeout(done, n))
    return currentRun()
  })
  const agent = run('live-run', async (n: number) => {
    const [first, second] = await Promise.all([step(n), step(3 - n)])
    expect(first).toEqual(second)
    return first
  })
  const runs = await Promise.all([agent(1), agent(2), agent(3)])
  expect(new Set(runs.map((ids) => ids?.traceId)).size).toBe(3)
  for (const span of exporter.getFinishedSpans()) {
    if (span.name !== 'live-step') continue
    const parent = runs.find((ids) => ids?.spanId === span.parentSpanContext?.spanId)
    expect(parent?.traceId).toBe(span.spanContext().traceId)
  }
})

test('schemas are checked', () => {
  const share = parameter('live.share', 0.5, { schema: { type: 'number', maximum: 1 } })
  expect(() => share.update(2)).toThrow(expect.objectContaining({ code: 'T2_PARAMETER_VALUE' }))
})

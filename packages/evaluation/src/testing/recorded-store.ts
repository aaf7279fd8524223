import { trace } from '@opentelemetry/api'
import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer'
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node'
import { type CollectorOptions, startCollector } from '@trace2/collector'
import type { Store } from '@trace2/store'
import { onTestFinished } from 'vitest'

/** Runs a program under the stock SDK and sends its spans to a collector, whose store it gives. */
export async function recordedStore(
  program: () => unknown,
  options: Pick<CollectorOptions, 'redaction'> = {},
): Promise<Store> {
  const collector = await startCollector({ db: ':memory:', port: 0, ...options })
  onTestFinished(() => collector.close())
  await recordInto(collector.url, program)
  return collector.store
}

async function recordInto(url: string, program: () => unknown): Promise<void> {
  const exporter = new InMemorySpanExporter()
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  provider.register()
  try {
    await program()
    await provider.forceFlush()
    const body = JsonTraceSerializer.serializeRequest(exporter.getFinishedSpans())
    await fetch(`${url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(body ?? new Uint8Array()),
    })
  } finally {
    await provider.shutdown()
    trace.disable()
  }
}

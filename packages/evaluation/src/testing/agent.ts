import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node'
import { bundle, run } from '@trace2/instrumentation'
import { useTracerProvider } from '@trace2/instrumentation/live'
import { openStore, type Store } from '@trace2/store'
import { decodeTraces } from '@trace2/store/otlp'

/** A small agent whose runs go into a store of its own, in memory. */
export interface TestAgent {
  readonly store: Store
  /** Stores every span that has ended. */
  flush(): Promise<void>
  /** Runs the agent: `Hello! (short ticket)`, or `long` where the ticket has more than 50 characters. */
  answer(ticket: string): string
}

export async function testAgent(): Promise<TestAgent> {
  const store = await openStore(':memory:')
  const exporter = new InMemorySpanExporter()
  useTracerProvider(new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }))
  const classify = bundle('classify', (ticket: string) => (ticket.length > 50 ? 'long' : 'short'))
  const reply = bundle('reply', (label: string) => `Hello! (${label} ticket)`)
  return {
    store,
    answer: run('agent', (ticket: string) => reply(classify(ticket))),
    async flush() {
      const body = ProtobufTraceSerializer.serializeRequest(exporter.getFinishedSpans())
      exporter.reset()
      if (body) await store.writeSpans(decodeTraces(body, 'protobuf').spans)
    },
  }
}

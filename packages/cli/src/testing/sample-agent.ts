import { trace } from '@opentelemetry/api'
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-node'
import { bundle, currentRun, feedback, parameter, run, t } from '@trace2/instrumentation'

const system = parameter('triage.system', 'Classify the ticket: billing, technical or account.', {
  description: 'At most 120 words.',
})
const threshold = parameter('triage.threshold', 0.75, {
  schema: { type: 'number', minimum: 0, maximum: 1 },
})
const limit = parameter('triage.limit', 3, { trainable: false })

const classify = bundle('classify', (prompt: string) => ({
  label: prompt.includes('refund') ? 'technical support' : 'account team',
}))
const audit = bundle('audit', (label: string, least: number) => `${label}: ${least}`)
const route = bundle('route', (label: string, most: number) => {
  if (label === 'account team') throw new Error('The account team has no queue.')
  return { queue: `${label} queue`, most }
})

const runs: { readonly traceId: string; readonly spanId: string }[] = []
const agent = run('support-agent', (ticket: { readonly body: string }) => {
  const ids = currentRun()
  if (ids) runs.push(ids)
  const { label } = classify(t`${system}\n\n${ticket.body}`)
  audit(label, threshold)
  return route(label, limit)
})

function answers(body: string): boolean {
  try {
    agent({ body })
    return true
  } catch {
    return false
  }
}

/**
 * Runs a real agent on each ticket and sends its spans to the exporter. Tickets about a refund are answered and get
 * bad feedback; the others fail.
 *
 * @returns the trace ids, in order.
 */
export async function runAgent(
  bodies: readonly string[],
  exporter: SpanExporter,
): Promise<readonly string[]> {
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  provider.register()
  runs.length = 0
  for (const body of bodies) {
    if (!answers(body)) continue
    feedback(runs.at(-1), {
      name: 'accuracy',
      score: 0,
      comment: 'A refund belongs to billing.',
    })
  }
  await provider.forceFlush()
  await provider.shutdown()
  trace.disable()
  return runs.map(({ traceId }) => traceId)
}

/** The spans of {@link runAgent} as one OTLP request, encoded as the stock exporters encode it. */
export async function recordedRequest(
  bodies: readonly string[],
  encoding: 'json' | 'protobuf',
): Promise<{ readonly traceIds: readonly string[]; readonly body: Uint8Array }> {
  const spans: ReadableSpan[] = []
  const exporter = new InMemorySpanExporter()
  exporter.export = (batch, done) => {
    spans.push(...batch)
    done({ code: 0 })
  }
  const ids = await runAgent(bodies, exporter)
  const serializer = encoding === 'json' ? JsonTraceSerializer : ProtobufTraceSerializer
  return { traceIds: ids, body: serializer.serializeRequest(spans) ?? new Uint8Array() }
}

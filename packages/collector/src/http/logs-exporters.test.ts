import { ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { OTLPLogExporter as JsonExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { OTLPLogExporter as ProtobufExporter } from '@opentelemetry/exporter-logs-otlp-proto'
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs'
import { graphHash } from '@trace2/store'
import type { SpanRecord } from '@trace2/store/otlp'
import { describe, expect, it, onTestFinished } from 'vitest'
import { logsOf, runIn, spellings, system } from '../../../store/src/testing/dialect-runs/index.ts'
import { spanId, traceId } from '../../../store/src/testing/spans.ts'
import { type Collector, startCollector } from '../collector.ts'

const exporters = { protobuf: ProtobufExporter, json: JsonExporter }

interface Said {
  readonly spanId: string
  readonly name: string
  readonly body?: object | string
  readonly attributes?: Record<string, string | number>
}

/** Sends logs with a stock exporter, in the order given. */
async function send(collector: Collector, encoding: keyof typeof exporters, logs: readonly Said[]) {
  const exporter = new exporters[encoding]({ url: `${collector.url}/v1/logs` })
  const provider = new LoggerProvider({ processors: [new BatchLogRecordProcessor({ exporter })] })
  const logger = provider.getLogger('test')
  for (const [i, { spanId, name, body, attributes }] of logs.entries()) {
    const at = { traceId: traceId('a'), spanId, traceFlags: 1 }
    logger.emit({
      eventName: name,
      timestamp: 1_790_000_000_000 + i,
      context: trace.setSpanContext(ROOT_CONTEXT, at),
      ...(body !== undefined && { body: JSON.parse(JSON.stringify(body)) }),
      ...(attributes && { attributes }),
    })
  }
  await provider.shutdown()
}

async function collectorAt(): Promise<Collector> {
  const collector = await startCollector({ db: ':memory:', port: 0 })
  onTestFinished(() => collector.close())
  return collector
}

const spelling = spellings.gen_ai_1_36
if (!spelling) throw new Error('the run is missing')
const messages = logsOf(spelling) as Said[]
const silent = (spans: readonly SpanRecord[]) => spans.map((span) => ({ ...span, events: [] }))

describe.each(['protobuf', 'json'] as const)('logs in %s', (encoding) => {
  it.each([
    ['before', [0, 1]],
    ['after', [1, 0]],
  ] as const)('give a run its graph when they come %s its spans', async (_, order) => {
    const collector = await collectorAt()
    const steps = [
      () => send(collector, encoding, messages),
      () => collector.store.writeSpans(silent(runIn(spelling))),
    ]
    for (const step of order) await steps[step]?.()
    await collector.store.writeSpans(runIn(spelling, 'b'))
    const [found, expected] = await Promise.all(
      ['a', 'b'].map((run) => collector.store.graph(traceId(run))),
    )
    expect(found?.nodes).toHaveLength(expected?.nodes.length ?? 0)
    expect(found && graphHash(found)).toBe(expected && graphHash(expected))
  })

  it('may come in pieces, twice, and around the spans', async () => {
    const collector = await collectorAt()
    await send(collector, encoding, messages.slice(0, 2))
    await collector.store.writeSpans(silent(runIn(spelling)))
    await send(collector, encoding, messages)
    await send(collector, encoding, messages)
    await collector.store.writeSpans(runIn(spelling, 'b'))
    const found = await collector.store.graph(traceId('a'))
    expect(graphHash(found)).toBe(graphHash(await collector.store.graph(traceId('b'))))
    const { rows } = await collector.store.sql(
      `SELECT count(*), count(DISTINCT span_id) FROM v_span WHERE trace_id = '${traceId('a')}'`,
    )
    expect(rows).toEqual([[4, 4]])
  })

  it('carry an operation’s messages as the span would, and leave the span as received', async () => {
    const collector = await collectorAt()
    const chat = { 'gen_ai.operation.name': 'chat', score: 1.5, whole: 2n }
    const [, call] = runIn({ agent: {}, tool: {}, chat: () => chat })
    await collector.store.writeSpans(call ? [call] : [])
    const before = await collector.store.sql('SELECT attributes, events, resource FROM v_span')
    const attributes = {
      'gen_ai.system_instructions': JSON.stringify([{ type: 'text', content: system }]),
      'gen_ai.output.messages': JSON.stringify([
        { role: 'assistant', parts: [{ type: 'text', content: 'Soon.' }] },
      ]),
    }
    const name = 'gen_ai.client.inference.operation.details'
    await send(collector, encoding, [{ spanId: spanId('2'), name, attributes }])
    expect(await collector.store.parameters()).toMatchObject([{ value: system }])
    const { nodes } = await collector.store.graph(traceId('a'))
    expect(nodes.find((node) => 'op' in node)).toMatchObject({ value: 'Soon.' })
    const after = await collector.store.sql('SELECT attributes, events, resource FROM v_span')
    expect(after).toEqual(before)
  })

  it('give feedback once, and are taken whatever they say', async () => {
    const collector = await collectorAt()
    const attributes = {
      'gen_ai.evaluation.name': 'tone',
      'gen_ai.evaluation.score.value': 0.5,
      'gen_ai.evaluation.score.label': 'curt',
    }
    const result = { spanId: spanId('1'), name: 'gen_ai.evaluation.result', attributes }
    const other = { spanId: spanId('1'), name: 'cache.miss', body: 'key' }
    await send(collector, encoding, [result, other])
    await send(collector, encoding, [result])
    expect(await collector.store.feedback()).toMatchObject([
      { traceId: traceId('a'), spanId: spanId('1'), name: 'tone', score: 0.5, label: 'curt' },
    ])
    expect(collector.stats().received).toMatchObject({ logs: 3, ignoredLogs: 1 })
  })
})

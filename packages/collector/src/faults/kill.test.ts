import { closeSync, existsSync, openSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../../../store/src/testing/temporary.ts'
import {
  type ChildCollector,
  FAULTS,
  FULL_LENGTH,
  startChildCollector,
} from '../testing/child-collector.ts'

const directory = temporaryDirectory()

/** Spans as a program ends them. */
function endedSpans(count: number): ReadableSpan[] {
  const memory = new InMemorySpanExporter()
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(memory)] })
  const tracer = provider.getTracer('kill')
  for (let i = 0; i < count; i++) {
    tracer.startSpan(`step ${i}`, { attributes: { text: 'x'.repeat(300), i } }).end()
  }
  return memory.getFinishedSpans()
}

/** Whether the exporter, with all its retries, was told that the spans were taken. */
function exported(exporter: SpanExporter, spans: ReadableSpan[]): Promise<boolean> {
  return new Promise((resolve) => exporter.export(spans, ({ code }) => resolve(code === 0)))
}

async function storedCounts(collector: ChildCollector): Promise<Map<string, number>> {
  const query = 'SELECT trace_id || span_id, count(*) FROM v_span GROUP BY ALL'
  const rows: unknown = Reflect.get(Object(await collector.call('sql', query)), 'rows')
  if (!Array.isArray(rows)) throw new Error('The store does not answer.')
  return new Map(rows.map(([key, count]) => [String(key), Number(count)]))
}

describe('a collector that is killed under load', () => {
  it(`${FAULTS} times, has every acknowledged span exactly once`, {
    timeout: 240_000 + FAULTS * 20_000,
  }, async () => {
    const db = join(directory, 'killed.duckdb')
    const acknowledged = new Set<string>()
    let givenUp = 0
    let over = false
    let collector = await startChildCollector({ db })
    const options = { port: Number(new URL(collector.url).port) }
    const url = `${collector.url}/v1/traces`
    const exporters = [new JsonExporter({ url }), new ProtobufExporter({ url })]
    const senders = [...exporters, ...exporters].map(async (exporter) => {
      while (!over) {
        const spans = endedSpans(20)
        if (!(await exported(exporter, spans))) givenUp++
        else {
          for (const span of spans) {
            const { traceId, spanId } = span.spanContext()
            acknowledged.add(traceId + spanId)
          }
        }
      }
    })
    const restarts: number[] = []
    for (let kill = 0; kill < FAULTS; kill++) {
      await sleep(100 + Math.random() * 500)
      await collector.kill()
      const began = performance.now()
      collector = await startChildCollector({ db, options })
      restarts.push(performance.now() - began)
    }
    over = true
    await Promise.all(senders)
    const missing = async () => {
      const stored = await storedCounts(collector)
      return [...acknowledged].filter((key) => stored.get(key) !== 1).length
    }
    await expect.poll(missing, { timeout: 120_000 }).toBe(0)
    expect([...(await storedCounts(collector)).values()].filter((count) => count !== 1)).toEqual([])
    expect(acknowledged.size).toBeGreaterThan(0)
    await collector.stop()
    if (FULL_LENGTH) {
      const [middle = 0, longest = 0] = [0.5, 1].map(
        (share) => restarts.toSorted((a, b) => a - b)[Math.ceil(share * FAULTS) - 1],
      )
      console.log(`${FAULTS} kills, ${acknowledged.size} spans acknowledged, all there once;`)
      console.log(`${givenUp} batches given up by the exporters;`)
      console.log(`restart in ${middle.toFixed()} ms (median), ${longest.toFixed()} ms (longest)`)
    }
  })

  it('replays from the journal what a damaged write-ahead log has lost', {
    timeout: 180_000,
  }, async () => {
    const db = join(directory, 'damaged.duckdb')
    const first = await startChildCollector({ db })
    const exporter = new ProtobufExporter({ url: `${first.url}/v1/traces` })
    for (let i = 0; i < 10; i++) expect(await exported(exporter, endedSpans(20))).toBe(true)
    const log = `${db}.wal`
    // Wait until the store has written something that can be damaged.
    while (!existsSync(log) || statSync(log).size < 10_000) await sleep(20)
    await first.kill()
    const file = openSync(log, 'r+')
    writeSync(file, Buffer.alloc(64, 0x5a), 0, 64, Math.floor(statSync(log).size / 2))
    closeSync(file)
    const second = await startChildCollector({ db, quiet: true })
    const counts = async () => [...(await storedCounts(second)).values()]
    await expect.poll(counts, { timeout: 60_000 }).toEqual(Array.from({ length: 200 }, () => 1))
    await second.stop()
  })
})

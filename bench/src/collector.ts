import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeTraces, type OtlpEncoding } from '@trace2/collector/otlp'
import { openStore } from '@trace2/collector/store'
import { appendSameRows } from './appender.ts'
import {
  body,
  caughtUp,
  edgesAmong,
  type RunningCollector,
  SPANS_PER_REQUEST,
  startCollectorProcess,
} from './collector-load.ts'

/**
 * Durable intake from socket to graph, in protobuf and in JSON, against what DuckDB's own appender does with the same
 * rows in the same run: both share the machine with whatever else it does, so the ratio is what says something. The
 * client is on the same cores and sends as fast as it is answered. `BENCH_SPANS` sets the number of spans.
 */
export async function collector(): Promise<void> {
  const wanted = Number(process.env.BENCH_SPANS ?? 200_000)
  const requests = Math.max(Math.ceil(wanted / SPANS_PER_REQUEST), 1)
  const directory = mkdtempSync(join(tmpdir(), 'trace2-bench-'))
  try {
    for (const encoding of ['protobuf', 'json'] as const) {
      const db = join(directory, `${encoding}.duckdb`)
      const storedMs = await intake(db, encoding, requests)
      if (encoding !== 'protobuf') continue
      const spans = requests * SPANS_PER_REQUEST
      // A collector that ends leaves a long log to its successor; the file is to have everything.
      await (await openStore(db)).close()
      const appendedMs = await appendSameRows(db, join(directory, 'appender.duckdb'))
      report('DuckDB’s appender, the same rows', spans, appendedMs)
      console.log(`ratio, stored over appender: ${(appendedMs / storedMs).toFixed(2)}`)
      console.log(`bytes on disk per span: ${Math.round(statSync(db).size / spans)}`)
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** @returns milliseconds from the first request until everything is stored. */
async function intake(db: string, encoding: OtlpEncoding, requests: number): Promise<number> {
  const bodies = Array.from({ length: requests }, (_, n) => body(n, encoding))
  const spans = requests * SPANS_PER_REQUEST
  const bytes = bodies.reduce((sum, { byteLength }) => sum + byteLength, 0)
  console.log(
    `\n${encoding}: ${spans} spans in ${requests} requests, ${Math.round(bytes / spans)} bytes per span`,
  )
  const decodeMs = await timed(async () => {
    for (const one of bodies) decodeTraces(one, encoding)
  })
  report('decoding alone', spans, decodeMs)

  const running = await startCollectorProcess(db)
  let waits: number[] = []
  const acknowledgedMs = await timed(async () => {
    waits = await running.send(bodies, encoding)
  })
  const storedMs = acknowledgedMs + (await timed(() => caughtUp(running, spans)))
  waits.sort((a, b) => a - b)
  report('acknowledged, the journal synced', spans, acknowledgedMs)
  console.log(`  wait: p50 ${at(waits, 0.5)} ms, p99 ${at(waits, 0.99)} ms`)
  report('stored, nothing left to do', spans, storedMs)
  const memory = await running.metric('process_resident_memory_bytes')
  console.log(`memory of the collector: ${Math.round(memory / 2 ** 20)} MiB`)
  await requireEdges(running, edgesAmong(spans))
  const delay = await running.stop()
  console.log(`event loop of the receiver, delay p99: ${delay.toFixed(1)} ms`)
  return storedMs
}

/** What was stored is the graph. */
async function requireEdges({ url }: RunningCollector, edges: number): Promise<void> {
  const store = await openStore(url)
  const { rows } = await store.sql("SELECT count(*) FROM v_edge_ref WHERE origin = 'span'")
  if (Number(rows[0]?.[0]) !== edges) throw new Error(`${rows[0]?.[0]} of ${edges} edges.`)
}

async function timed(task: () => Promise<unknown>): Promise<number> {
  const before = performance.now()
  await task()
  return performance.now() - before
}

function report(what: string, spans: number, ms: number): void {
  console.log(`${what}: ${Math.round((spans / ms) * 1000).toLocaleString('en')} spans/s`)
}

function at(sorted: readonly number[], quantile: number): string {
  return (sorted[Math.floor((sorted.length - 1) * quantile)] ?? 0).toFixed(0)
}

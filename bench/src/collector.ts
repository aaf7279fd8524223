import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '@trace2/store'
import { decodeTraces, type OtlpEncoding } from '@trace2/store/otlp'
import { appendSameRows } from './appender.ts'
import {
  body,
  caughtUp,
  edgesAmong,
  type RunningCollector,
  SPANS_PER_REQUEST,
  startCollectorProcess,
} from './collector-load.ts'
import { figure } from './harness/figure.ts'

/**
 * Durable intake from socket to graph, in protobuf and in JSON, against what DuckDB's own appender does with the same
 * rows in the same run: both share the machine with whatever else it does, so the ratio is what says something. The
 * client is on the same cores and sends as fast as it is answered. `BENCH_SPANS` sets the number of spans in a burst.
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
      const spans = 2 * requests * SPANS_PER_REQUEST
      // A collector that ends leaves a long log to its successor; the file is to have everything.
      await (await openStore(db)).close()
      const appendedMs = await appendSameRows(db, join(directory, 'appender.duckdb'))
      report('DuckDB’s appender, the same rows', spans, appendedMs)
      figure('ratio, stored over appender', appendedMs / 2 / storedMs, '×', 'more')
      figure('on disk, per span', statSync(db).size / spans, 'bytes')
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/**
 * Two bursts to one collector: its code is compiled during the first, and what can be sustained shows in the second.
 *
 * @returns milliseconds from the first request of the second until everything is stored.
 */
async function intake(db: string, encoding: OtlpEncoding, requests: number): Promise<number> {
  const spans = requests * SPANS_PER_REQUEST
  const all = Array.from({ length: 2 * requests }, (_, n) => body(n, encoding))
  const decodeMs = await timed(async () => {
    for (const one of all) decodeTraces(one, encoding)
  })
  report(`${encoding}: decoding alone`, 2 * spans, decodeMs)
  const running = await startCollectorProcess(db)
  let storedMs = 0
  for (const [burst, name] of ['of a new process', 'after that'].entries()) {
    const bodies = all.slice(burst * requests, (burst + 1) * requests)
    const bytes = bodies.reduce((sum, { byteLength }) => sum + byteLength, 0)
    console.log(
      `\n${encoding}, the ${spans} spans ${name}: ${requests} requests, ${Math.round(bytes / spans)} bytes per span`,
    )
    let waits: number[] = []
    const cpuBefore = await running.metric('process_cpu_seconds_total')
    const acknowledgedMs = await timed(async () => {
      waits = await running.send(bodies, encoding)
    })
    storedMs = acknowledgedMs + (await timed(() => caughtUp(running, (burst + 1) * spans)))
    waits.sort((a, b) => a - b)
    const about = (what: string) => `${encoding}, ${name}: ${what}`
    report(about('acknowledged, the journal synced'), spans, acknowledgedMs)
    figure(about('wait for an acknowledgement, p50'), at(waits, 0.5), 'ms')
    figure(about('wait for an acknowledgement, p99'), at(waits, 0.99), 'ms')
    report(about('stored, nothing left to do'), spans, storedMs)
    const seconds = (await running.metric('process_cpu_seconds_total')) - cpuBefore
    figure(about('processor time per stored span'), (seconds / spans) * 1e6, 'µs')
  }
  const memory = await running.metric('process_resident_memory_bytes')
  figure(`${encoding}: memory of the collector`, memory / 2 ** 20, 'MiB')
  await requireEdges(running, edgesAmong(2 * spans))
  const delay = await running.stop()
  figure(`${encoding}: the receiver’s event loop, delay p99`, delay, 'ms')
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
  figure(what, (spans / ms) * 1000, 'spans/s')
}

function at(sorted: readonly number[], quantile: number): number {
  return sorted[Math.floor((sorted.length - 1) * quantile)] ?? 0
}

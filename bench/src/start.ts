import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { body, caughtUp, SPANS_PER_REQUEST, startCollectorProcess } from './collector-load.ts'
import { figure } from './harness/figure.ts'
import { median } from './harness/series.ts'

const STARTS = 5
const REQUESTS_AT_ONCE = 400

/**
 * How long a collector's process takes until it answers and until it has ended, on an empty folder and on one with many spans.
 * `BENCH_SPANS` sets their number (default: a million).
 */
export async function start(): Promise<void> {
  const wanted = Number(process.env.BENCH_SPANS ?? 1_000_000)
  const directory = mkdtempSync(join(tmpdir(), 'trace2-start-'))
  try {
    let fresh = 0
    await startsOf('an empty folder', () => join(directory, `empty-${fresh++}.duckdb`))
    const full = join(directory, 'full.duckdb')
    const spans = await fill(full, wanted)
    await startsOf(`${spans.toLocaleString('en')} spans`, () => full)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function startsOf(what: string, file: () => string): Promise<void> {
  const ready: number[] = []
  const ended: number[] = []
  for (let n = 0; n < STARTS; n++) {
    const began = performance.now()
    const running = await startCollectorProcess(file())
    ready.push(performance.now() - began)
    const stopping = performance.now()
    await running.stop()
    ended.push(performance.now() - stopping)
  }
  figure(`ready, with ${what}`, median(ready), 'ms')
  figure(`ended, with ${what}`, median(ended), 'ms')
}

/** @returns how many spans are stored. */
async function fill(file: string, wanted: number): Promise<number> {
  const running = await startCollectorProcess(file)
  const requests = Math.ceil(wanted / SPANS_PER_REQUEST)
  for (let at = 0; at < requests; at += REQUESTS_AT_ONCE) {
    const some = Math.min(REQUESTS_AT_ONCE, requests - at)
    const bodies = Array.from({ length: some }, (_, n) => body(at + n, 'protobuf'))
    await running.send(bodies, 'protobuf')
    await caughtUp(running, (at + some) * SPANS_PER_REQUEST)
  }
  await running.stop()
  return requests * SPANS_PER_REQUEST
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { body, SPANS_PER_REQUEST, startCollectorProcess } from './collector-load.ts'
import { figure } from './harness/figure.ts'

/** Spans per second: what many agents write, well below what a collector stores. */
const RATE = 5_120

/**
 * A collector's memory while spans come at a steady rate. `BENCH_MINUTES` sets how long (default 10); one line a minute
 * goes to the console.
 */
export async function soak(): Promise<void> {
  const minutes = Number(process.env.BENCH_MINUTES ?? 10)
  const directory = mkdtempSync(join(tmpdir(), 'trace2-soak-'))
  const running = await startCollectorProcess(join(directory, 'soak.duckdb'))
  try {
    let request = 0
    for (let minute = 1; minute <= minutes; minute++) {
      const waits: number[] = []
      for (let second = 0; second < 60; second++) {
        const before = performance.now()
        const bodies = Array.from({ length: RATE / SPANS_PER_REQUEST }, () =>
          body(request++, 'protobuf'),
        )
        waits.push(...(await running.send(bodies, 'protobuf')))
        const left = 1000 - (performance.now() - before)
        if (left > 0) await new Promise((resolve) => setTimeout(resolve, left))
      }
      waits.sort((a, b) => a - b)
      const memory = await running.metric('process_resident_memory_bytes')
      const stored = await running.metric('trace2_spans_stored_total')
      console.log(
        `minute ${minute}: ${stored.toLocaleString('en')} of ${(request * SPANS_PER_REQUEST).toLocaleString('en')} spans stored, memory ${Math.round(memory / 2 ** 20)} MiB, wait p99 ${waits[Math.floor(waits.length * 0.99)]?.toFixed(0)} ms`,
      )
    }
  } finally {
    const delay = await running.stop()
    figure('the receiver’s event loop, delay p99', delay, 'ms')
    rmSync(directory, { recursive: true, force: true })
  }
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { body, SPANS_PER_REQUEST, sendAll, startCollectorProcess } from './collector-load.ts'
import { figure } from './harness/figure.ts'
import { startOtelcol } from './peers/otelcol.ts'
import type { Peer } from './peers/peer.ts'
import { startPhoenix } from './peers/phoenix.ts'
import { traceChains } from './peers/trace.ts'
import { cpuSeconds, residentMiB } from './process-usage.ts'

/**
 * Trace2's collector and others under the same load in the same run: two bursts of 200,000 spans over eight connections, as fast
 * as they are acknowledged, and what Trace takes for a backward pass. Whoever cannot be installed here is left out, with a word.
 * `BENCH_SPANS` sets the number of spans.
 */
export async function peers(): Promise<void> {
  const requests = Math.ceil(Number(process.env.BENCH_SPANS ?? 200_000) / SPANS_PER_REQUEST)
  const bodies = Array.from({ length: 2 * requests }, (_, n) => body(n, 'protobuf'))
  for (const [name, start] of Object.entries(starts)) {
    const directory = mkdtempSync(join(tmpdir(), 'trace2-peers-'))
    try {
      const peer = await start(directory)
      if (typeof peer === 'string') console.log(`${name} is left out: ${peer}.`)
      else await measure(peer, bodies)
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  }
  traceChains()
}

/** Starts each with a folder of its own; a text says why it cannot be. */
const starts: Readonly<Record<string, (directory: string) => Promise<Peer | string>>> = {
  'The collector': startTrace2,
  'The OpenTelemetry Collector with a synced queue': (directory) => startOtelcol(directory, true),
  'The OpenTelemetry Collector': (directory) => startOtelcol(directory, false),
  Phoenix: startPhoenix,
}

async function startTrace2(directory: string): Promise<Peer> {
  const running = await startCollectorProcess(join(directory, 'peers.duckdb'))
  return {
    name: 'Trace2',
    url: running.url,
    pid: running.pid,
    done: () => running.metric('trace2_spans_stored_total'),
    stop: async () => {
      await running.stop()
    },
  }
}

async function measure(peer: Peer, bodies: readonly Uint8Array[]): Promise<void> {
  const most = bodies.length / 2
  const half = Math.min(most, peer.mostRequests ?? most)
  try {
    figure(`${peer.name}: memory before the load`, residentMiB(peer.pid, 'VmRSS'), 'MiB')
    for (const [at, what] of ['first burst', 'second burst'].entries()) {
      const burst = bodies.slice(at * half, (at + 1) * half)
      const spans = burst.length * SPANS_PER_REQUEST
      const cpu = cpuSeconds(peer.pid)
      const began = performance.now()
      await sendAll(peer.url, burst, 'protobuf')
      const acknowledged = performance.now() - began
      while ((await peer.done()) < (at + 1) * spans) {
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      const done = performance.now() - began
      const about = (text: string) => `${peer.name}, ${what}: ${text}`
      figure(about('acknowledged'), (spans / acknowledged) * 1000, 'spans/s')
      figure(about('done'), (spans / done) * 1000, 'spans/s')
      figure(about('processor time per span'), ((cpuSeconds(peer.pid) - cpu) / spans) * 1e6, 'µs')
    }
    figure(`${peer.name}: most memory`, residentMiB(peer.pid, 'VmHWM'), 'MiB')
  } finally {
    await peer.stop()
  }
}

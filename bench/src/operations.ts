import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '@trace2/store'
import { decodeTraces } from '@trace2/store/otlp'
import {
  body,
  caughtUp,
  type RunningCollector,
  SPANS_PER_REQUEST,
  startCollectorProcess,
} from './collector-load.ts'
import { figure } from './harness/figure.ts'

/** What a careful operator would have: four patterns, and names. */
const redaction = {
  key: 'a-key-for-the-measurement',
  rules: [
    { name: 'email', preset: 'email' },
    { name: 'card', preset: 'credit-card' },
    { name: 'phone', preset: 'phone' },
    { name: 'api-key', preset: 'api-key' },
    { name: 'secrets', keys: ['password', '*.authorization'] },
  ],
} as const

/**
 * What redaction costs the intake, and what retention costs it while it deletes half of a store, each against the same
 * without it in the same run. Beside the clock is the collector's processor time, because the client and others share
 * the machine. `BENCH_SPANS` sets the number of spans.
 */
export async function operations(): Promise<void> {
  const requests = Math.ceil(Number(process.env.BENCH_SPANS ?? 100_000) / SPANS_PER_REQUEST)
  const spans = requests * SPANS_PER_REQUEST
  const bodies = Array.from({ length: requests }, (_, n) => body(n, 'protobuf'))
  for (const one of bodies) decodeTraces(one, 'protobuf')
  const directory = mkdtempSync(join(tmpdir(), 'trace2-operations-'))
  try {
    console.log(`${spans} spans in ${requests} requests, protobuf`)
    const redacting = await startCollectorProcess(join(directory, 'redacted.duckdb'), { redaction })
    const redacted = await intake('five redaction rules', redacting, bodies)
    await redacting.stop()
    const running = await startCollectorProcess(join(directory, 'plain.duckdb'))
    const plain = await intake('no rules', running, bodies)
    figure('ratio, acknowledging with rules over without', redacted.ms / plain.ms, '×')
    const cpu = redacted.cpuSeconds / plain.cpuSeconds
    figure('ratio, processor time with rules over without', cpu, '×')
    await retention(running, requests)
    await running.stop()
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function intake(
  what: string,
  running: RunningCollector,
  bodies: readonly Uint8Array[],
): Promise<{ readonly ms: number; readonly cpuSeconds: number }> {
  const spans = bodies.length * SPANS_PER_REQUEST
  const cpuBefore = await running.metric('process_cpu_seconds_total')
  const before = performance.now()
  const waits = await running.send(bodies, 'protobuf')
  const ms = performance.now() - before
  await caughtUp(running, spans)
  const cpuSeconds = (await running.metric('process_cpu_seconds_total')) - cpuBefore
  figure(`${what}: acknowledged`, (spans / ms) * 1000, 'spans/s')
  figure(`${what}: wait for an acknowledgement, p99`, p99(waits), 'ms')
  figure(`${what}: processor time per stored span`, (cpuSeconds / spans) * 1e6, 'µs')
  return { ms, cpuSeconds }
}

/** Deletes half of what is stored, while more comes in. */
async function retention(running: RunningCollector, from: number): Promise<void> {
  const store = await openStore(running.url)
  const more = (n: number) =>
    Array.from({ length: 16 }, (_, i) => body(from + n * 16 + i, 'protobuf'))
  const before = await running.send(more(0), 'protobuf')
  const { bytes } = await store.retain({})
  const began = performance.now()
  let done = false
  const deletion = store.retain({ maxBytes: Math.round(bytes / 2) }).finally(() => {
    done = true
  })
  const during: number[] = []
  for (let n = 1; !done; n++) during.push(...(await running.send(more(n), 'protobuf')))
  const { traces, spans } = await deletion
  const seconds = (performance.now() - began) / 1000
  console.log(
    `retention deleted ${spans.toLocaleString('en')} spans of ${traces.toLocaleString('en')} traces`,
  )
  figure('retention: deleted', spans / seconds, 'spans/s')
  figure('retention: wait for an acknowledgement meanwhile, p99', p99(during), 'ms')
  figure('retention: wait for an acknowledgement before it, p99', p99(before), 'ms')
  await store.close()
}

function p99(waits: readonly number[]): number {
  const sorted = [...waits].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length * 0.99)] ?? 0
}

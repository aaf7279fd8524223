import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { body, caughtUp, SPANS_PER_REQUEST, startCollectorProcess } from './collector-load.ts'
import { figure } from './harness/figure.ts'
import { anonymousMiB, cpuSeconds, residentMiB } from './process-usage.ts'

const MEBIBYTE = 1024 * 1024
const SETTINGS = [512, 1024]
const BURSTS = 3
const LOOK_MS = 100
/** A collector gives memory back five to ten seconds after its work. */
const REST_MS = 15_000

/**
 * What a collector has of memory: at rest, at most during three bursts of 200,000 spans, and at rest after them; and what the
 * bursts cost, under several settings of `--memory`. `BENCH_SPANS` sets the number of spans of a burst.
 */
export async function memory(): Promise<void> {
  const requests = Math.ceil(Number(process.env.BENCH_SPANS ?? 200_000) / SPANS_PER_REQUEST)
  const bursts = Array.from({ length: BURSTS }, (_, burst) =>
    Array.from({ length: requests }, (_, n) => body(burst * requests + n, 'protobuf')),
  )
  for (const mebibytes of SETTINGS) await under(mebibytes, bursts)
}

async function under(mebibytes: number, bursts: readonly (readonly Uint8Array[])[]): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'trace2-memory-'))
  const running = await startCollectorProcess(join(directory, 'memory.duckdb'), {
    memoryBytes: mebibytes * MEBIBYTE,
  })
  const { pid } = running
  const about = (what: string) => `${mebibytes} MiB: ${what}`
  const atRest = async (when: string) => {
    await setTimeout(REST_MS)
    figure(about(`anonymous at rest, ${when}`), anonymousMiB(pid), 'MiB')
    figure(about(`resident at rest, ${when}`), residentMiB(pid, 'VmRSS'), 'MiB')
  }
  try {
    await atRest('before')
    let most = 0
    const looking = setInterval(() => {
      most = Math.max(most, anonymousMiB(pid))
    }, LOOK_MS)
    const cpu = cpuSeconds(pid)
    let spans = 0
    const began = performance.now()
    for (const burst of bursts) {
      await running.send(burst, 'protobuf')
      spans += burst.length * SPANS_PER_REQUEST
      await caughtUp(running, spans)
    }
    const seconds = (performance.now() - began) / 1000
    clearInterval(looking)
    figure(about('anonymous, at most'), most, 'MiB')
    figure(about('resident, at most'), residentMiB(pid, 'VmHWM'), 'MiB')
    figure(about('stored'), spans / seconds, 'spans/s')
    figure(about('processor time per stored span'), ((cpuSeconds(pid) - cpu) / spans) * 1e6, 'µs')
    await atRest('after')
  } finally {
    await running.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

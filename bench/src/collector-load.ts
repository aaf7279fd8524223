// What the measurements of the collector send, and how.
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { fileURLToPath } from 'node:url'
import type { CollectorOptions } from '@trace2/collector'
import { encodeTraces, type OtlpEncoding, type SpanRecord, transcode } from '@trace2/store/otlp'

export const SPANS_PER_REQUEST = 512
export const SPANS_PER_RUN = 16
const CONNECTIONS = 8

/** Recorded uses of another span's output among so many spans: all but a run's first two spans have one. */
export function edgesAmong(spans: number): number {
  return (spans / SPANS_PER_RUN) * (SPANS_PER_RUN - 2)
}

/** A request of 512 spans, 32 runs of 16, each with about 900 bytes as protobuf. */
export function body(request: number, encoding: OtlpEncoding): Uint8Array {
  const spans = encodeTraces(batch(request))
  return transcode('traces', spans, 'protobuf', encoding).body
}

function batch(request: number): SpanRecord[] {
  const resource = { attributes: new Map([['service.name', 'bench']]), schemaUrl: '' }
  const scope = { name: 'bench', version: '1', attributes: new Map(), schemaUrl: '' }
  return Array.from({ length: SPANS_PER_REQUEST }, (_, index) => {
    const n = request * SPANS_PER_REQUEST + index + 1
    const run = Math.floor((n - 1) / SPANS_PER_RUN) + 1
    const step = (n - 1) % SPANS_PER_RUN
    const trace = digest(`run ${run}`).slice(0, 32)
    const id = (span: number) => digest(`span ${span}`).slice(0, 16)
    const startNs = 1_790_000_000_000_000_000n + BigInt(n) * 1_000_000n
    // Half of it is as different from span to span as it can be, half is what agents say again and again.
    const words = `request ${n}: ${digest(`text ${n}`).repeat(2)} ${'the parcel has not come yet '.repeat(4)}`
    const attributes = new Map<string, string | string[]>([
      ['trace2.kind', step === 0 ? 'run' : 'op'],
      ['trace2.op', `step-${step}`],
      ['trace2.op.description', 'Takes what the step before it found and adds to it.'],
      ['input.value', JSON.stringify({ text: words, step })],
      ['input.mime_type', 'application/json'],
      ['output.value', `${words} (answered)`],
      ['output.mime_type', 'text/plain'],
    ])
    if (step > 1) attributes.set('trace2.inputs', [`text=span:${trace}:${id(n - 1)}`])
    return {
      traceId: trace,
      spanId: id(n),
      parentSpanId: step === 0 ? undefined : id(n - step),
      traceState: '',
      flags: 257,
      name: `step-${step}`,
      kind: 1,
      startNs,
      endNs: startNs + 900_000n,
      attributes,
      droppedAttributesCount: 0,
      events: [],
      droppedEventsCount: 0,
      links: [],
      droppedLinksCount: 0,
      status: { code: step === 7 && run % 10 === 0 ? 2 : 0, message: '' },
      resource,
      scope,
    }
  })
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

export interface RunningCollector {
  readonly url: string
  readonly pid: number
  /** Sends bodies over eight connections; resolves with the wait for each acknowledgement, in milliseconds. */
  send(bodies: readonly Uint8Array[], encoding: OtlpEncoding): Promise<number[]>
  /** One number of `/metrics`. */
  metric(name: string): Promise<number>
  /** @returns 99th percentile of its event loop's delay, in milliseconds. */
  stop(): Promise<number>
}

/**
 * Sends bodies over eight connections.
 *
 * @returns the wait for each acknowledgement, in milliseconds.
 */
export async function sendAll(
  url: string,
  bodies: readonly Uint8Array[],
  encoding: OtlpEncoding,
): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const waits: number[] = []
  let next = 0
  const connection = async () => {
    for (let sent = bodies[next++]; sent; sent = bodies[next++]) {
      const before = performance.now()
      await post(`${url}/v1/traces`, sent, encoding, agent)
      waits.push(performance.now() - before)
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, connection))
  agent.destroy()
  return waits
}

/** Starts a collector in a process of its own. */
export async function startCollectorProcess(
  db: string,
  settings: Pick<CollectorOptions, 'redaction' | 'memoryBytes'> = {},
): Promise<RunningCollector> {
  const script = fileURLToPath(new URL('./collector-child.js', import.meta.url))
  const child: ChildProcess = spawn(process.execPath, [script, db, JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const output = child.stdout
  if (!output) throw new Error('The collector has no output.')
  const [line] = await once(output, 'data')
  const url = String(line).trim()
  return {
    url,
    pid: child.pid ?? 0,
    send: (bodies, encoding) => sendAll(url, bodies, encoding),
    async metric(name) {
      const text = await (await fetch(`${url}/metrics`)).text()
      return Number(new RegExp(`^${name}(?:{[^}]*})? (\\S+)$`, 'm').exec(text)?.[1])
    },
    async stop() {
      const [[said]] = await Promise.all([
        once(output, 'data'),
        once(child, 'exit'),
        child.kill('SIGTERM'),
      ])
      return Number(String(said))
    },
  }
}

/** Waits until so many spans are stored. */
export async function caughtUp(running: RunningCollector, spans: number): Promise<void> {
  while ((await running.metric('trace2_spans_stored_total')) < spans) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function post(url: string, body: Uint8Array, encoding: OtlpEncoding, agent: Agent): Promise<void> {
  const type = encoding === 'json' ? 'application/json' : 'application/x-protobuf'
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': type, 'content-length': body.byteLength }
    const sent = request(url, { method: 'POST', headers, agent }, (response) => {
      response.resume()
      response.once('end', () =>
        response.statusCode === 200
          ? resolve()
          : reject(new Error(`The collector answered ${response.statusCode}.`)),
      )
    })
    sent.once('error', reject)
    sent.end(body)
  })
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DuckDBInstance } from '@duckdb/node-api'
import { decodeTraces, encodeTraces, type SpanRecord } from '@trace2/collector/otlp'
import { openStore } from '@trace2/collector/store'

const SPANS_PER_REQUEST = 512
const SPANS_PER_RUN = 16
const CONNECTIONS = 8
const requests = Math.max(
  Math.ceil(Number(process.env.BENCH_SPANS ?? 51_200) / SPANS_PER_REQUEST),
  1,
)

/**
 * Durable intake from socket to graph, against what DuckDB's own appender does with the same rows in the same run:
 * both share the machine with whatever else it does, so the ratio is what says something. The client is on the same
 * cores. `BENCH_SPANS` sets the number of spans.
 */
export async function collector(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'trace2-bench-'))
  try {
    const bodies = Array.from({ length: requests }, (_, n) => encodeTraces(batch(n)))
    const spans = requests * SPANS_PER_REQUEST
    const bytes = bodies.reduce((sum, body) => sum + body.byteLength, 0)
    console.log(
      `${spans} spans in ${requests} requests, ${Math.round(bytes / spans)} bytes per span`,
    )

    const decodeMs = await timed(async () => {
      for (const body of bodies) decodeTraces(body, 'protobuf')
    })
    report('decode alone', spans, decodeMs)

    const db = join(directory, 'collector.duckdb')
    const { child, url } = await startChild(db)
    const waits: number[] = []
    const acknowledgedMs = await timed(() => sendAll(url, bodies, waits))
    const caughtUpMs = acknowledgedMs + (await timed(() => caughtUp(url, spans)))
    waits.sort((a, b) => a - b)
    report('acknowledged (journal synced)', spans, acknowledgedMs)
    report('stored and queryable', spans, caughtUpMs)
    console.log(`acknowledgement: p50 ${at(waits, 0.5)} ms, p99 ${at(waits, 0.99)} ms`)
    console.log(`memory of the collector: ${await memory(url)}`)
    child.kill('SIGTERM')
    await once(child, 'exit')

    const appenderMs = await appendSameRows(db, join(directory, 'appender.duckdb'))
    report('DuckDB’s appender, same rows', spans, appenderMs)
    console.log(`ratio, stored over appender: ${(appenderMs / caughtUpMs).toFixed(2)}`)
    console.log(`bytes on disk per span: ${Math.round(statSync(db).size / spans)}`)
    await queries(db)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function batch(request: number): SpanRecord[] {
  const resource = { attributes: new Map([['service.name', 'bench']]), schemaUrl: '' }
  const scope = { name: 'bench', version: '1', attributes: new Map(), schemaUrl: '' }
  return Array.from({ length: SPANS_PER_REQUEST }, (_, index) => {
    const n = request * SPANS_PER_REQUEST + index + 1
    const run = Math.floor((n - 1) / SPANS_PER_RUN) + 1
    const step = (n - 1) % SPANS_PER_RUN
    const trace = hex(run, 32)
    const startNs = 1_790_000_000_000_000_000n + BigInt(n) * 1_000_000n
    const producer = step > 1 ? hex(n - 1, 16) : undefined
    const words = `request ${n}: ${'the parcel has not come yet and nobody answers '.repeat(4)}`
    const attributes = new Map<string, string | string[]>([
      ['trace2.kind', step === 0 ? 'run' : 'op'],
      ['trace2.op', `step-${step}`],
      ['input.value', JSON.stringify({ text: words, step })],
      ['input.mime_type', 'application/json'],
      ['output.value', `${words} (answered)`],
      ['output.mime_type', 'text/plain'],
    ])
    if (producer) attributes.set('trace2.inputs', [`text=span:${trace}:${producer}`])
    return {
      traceId: trace,
      spanId: hex(n, 16),
      parentSpanId: step === 0 ? undefined : hex(n - step, 16),
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

const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0')

async function startChild(db: string) {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('./collector-child.js', import.meta.url)), db],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const [line] = await once(child.stdout, 'data')
  return { child, url: String(line).trim() }
}

async function sendAll(url: string, bodies: readonly Uint8Array[], waits: number[]): Promise<void> {
  let next = 0
  const connection = async () => {
    for (let body = bodies[next++]; body; body = bodies[next++]) {
      const before = performance.now()
      const response = await fetch(`${url}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-protobuf' },
        body: Buffer.from(body),
      })
      await response.arrayBuffer()
      if (!response.ok) throw new Error(`The collector answered ${response.status}.`)
      waits.push(performance.now() - before)
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, connection))
}

async function caughtUp(url: string, spans: number): Promise<void> {
  const store = await openStore(url)
  for (;;) {
    const { rows } = await store.sql("SELECT count(*) FROM v_edge_ref WHERE origin = 'span'")
    const edges = Math.round((spans * (SPANS_PER_RUN - 2)) / SPANS_PER_RUN)
    if (Number(rows[0]?.[0]) >= edges) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function memory(url: string): Promise<string> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const resident = /^process_resident_memory_bytes\S* (\S+)$/m.exec(text)?.[1]
  return resident ? `${Math.round(Number(resident) / 2 ** 20)} MiB` : 'not reported'
}

/** The yardstick: the rows that the collector wrote, appended value by value to an equal table. */
async function appendSameRows(from: string, to: string): Promise<number> {
  const source = await DuckDBInstance.create(from, { access_mode: 'READ_ONLY' })
  const reader = await source.connect()
  const tables = await Promise.all(
    ['span', 'edge_ref'].map(async (name) => ({
      name,
      result: await reader.runAndReadAll(`SELECT * FROM ${name}`),
    })),
  )
  const target = await DuckDBInstance.create(to, { wal_autocheckpoint: '1GB' })
  const writer = await target.connect()
  let elapsed = 0
  for (const { name, result } of tables) {
    const columns = result.columnNames().map((column, i) => `${column} ${result.columnType(i)}`)
    await writer.run(`CREATE TABLE ${name} (${columns.join(', ')})`)
    const rows = result.getRows()
    const types = result.columnTypes()
    elapsed += await timed(async () => {
      const appender = await writer.createAppender(name)
      for (const [index, row] of rows.entries()) {
        for (const [column, value] of row.entries()) {
          if (value === null) appender.appendNull()
          else appender.appendValue(value, types[column])
        }
        appender.endRow()
        if (index % 2048 === 2047) appender.flushSync()
      }
      appender.closeSync()
    })
  }
  writer.closeSync()
  target.closeSync()
  reader.closeSync()
  source.closeSync()
  return elapsed
}

async function queries(db: string): Promise<void> {
  const store = await openStore(db)
  const [run] = await store.runs({ limit: 1 })
  if (run) {
    await store.graph(run.id)
    console.log(`one run’s graph: ${(await timed(() => store.graph(run.id))).toFixed(0)} ms`)
  }
  const failing = () => store.runs({ where: 'errors > 0', limit: 50 })
  console.log(`the 50 latest runs with an error: ${(await timed(failing)).toFixed(0)} ms`)
  await store.close()
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

import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { openStore, type Store } from '@trace2/store'
import { EdgeRuns } from './edge-runs.ts'

const spansPerRun = 20
const spansPerWrite = 5_000
/** Runs of which edges are derived and written, and written again, to see what a table of edges would cost. */
const sampledRuns = 2_000

/**
 * What the graph's edges cost: derived when they are asked for, as they are, and written into a table instead.
 * `TRACE2_BENCH_SPANS` is the number of spans (default 1,000,000), `TRACE2_BENCH_SEED` that of their generator.
 */
export async function edges(): Promise<void> {
  const spans = Number(process.env.TRACE2_BENCH_SPANS ?? 1e6)
  const directory = await mkdtemp(join(tmpdir(), 'trace2-edges-'))
  try {
    const path = join(directory, 'edges.duckdb')
    const traces = await fill(path, spans)
    await measureDerived(path, traces)
    await measureTable(path, traces, spans)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function fill(path: string, spans: number): Promise<string[]> {
  const runs = new EdgeRuns(Number(process.env.TRACE2_BENCH_SEED ?? 14))
  const traces: string[] = []
  const store = await openStore(path)
  const ms = await timed(async () => {
    for (let written = 0; written < spans; written += spansPerWrite) {
      const batch = Array.from({ length: spansPerWrite / spansPerRun }, () =>
        runs.next(spansPerRun),
      )
      for (const [first] of batch) if (first) traces.push(first.traceId)
      await store.writeSpans(batch.flat())
    }
  })
  await store.close()
  report('intake', ms, spans, 'span')
  console.log(`  ${((await stat(path)).size / spans).toFixed(0)} bytes per span`)
  return traces
}

async function measureDerived(path: string, traces: readonly string[]): Promise<void> {
  const store = await openStore(path)
  const trace = traces[Math.floor(traces.length / 2)] ?? ''
  console.log('derived when they are asked for:')
  await measureQueries(async (query) => Number((await store.sql(query)).rows[0]?.[0]), trace)
  const graph = await median(async () => (await store.graph(trace)).edges.length)
  console.log(`  graph of one run ${graph.toFixed(1)} ms`)
  const ms = await timed(async () => {
    if ((await edgesOf(store, traces.slice(0, sampledRuns))).length === 0) throw new Error('None.')
  })
  report('  graphs of many runs', ms, Math.min(sampledRuns, traces.length), 'run')
  await store.close()
}

type Edge = readonly [trace: string, from: string, to: string, role: string, how: string]

async function edgesOf(store: Store, traces: readonly string[]): Promise<Edge[]> {
  const found: Edge[] = []
  for await (const { run, edges } of store.graphs(traces)) {
    for (const { from, to, role, how } of edges) found.push([run, from, to, role, how])
  }
  return found
}

async function measureTable(path: string, traces: readonly string[], spans: number): Promise<void> {
  const store = await openStore(path)
  const sample = traces.slice(0, sampledRuns)
  const found = await edgesOf(store, sample)
  await store.close()
  const instance = await DuckDBInstance.create(path, { threads: '1' })
  const connection = await instance.connect()
  console.log('in a table:')
  const before = await bytesInUse(connection)
  await connection.run(
    'CREATE TABLE edge (trace_id VARCHAR, from_id VARCHAR, to_id VARCHAR, role VARCHAR, pointer VARCHAR, how VARCHAR)',
  )
  const sampledSpans = sample.length * spansPerRun
  report('  appended', await timed(() => append(connection, found)), sampledSpans, 'span')
  const rewritten = await timed(async () => {
    const list = sample.map((trace) => `'${trace}'`).join(', ')
    await connection.run(`DELETE FROM edge WHERE trace_id IN (${list})`)
    await append(connection, found)
  })
  report('  written again', rewritten, sampledSpans, 'span')
  await connection.run('DELETE FROM edge')
  await connection.run('INSERT INTO edge SELECT * FROM v_edge')
  const bytes = (await bytesInUse(connection)) - before
  console.log(`  ${(bytes / spans).toFixed(0)} bytes per span`)
  const ask = async (query: string) => {
    const reader = await connection.runAndReadAll(query.replaceAll('v_edge', 'edge'))
    return Number(reader.getRows()[0]?.[0])
  }
  await measureQueries(ask, traces[Math.floor(traces.length / 2)] ?? '')
  connection.closeSync()
  instance.closeSync()
}

async function bytesInUse(connection: DuckDBConnection): Promise<number> {
  await connection.run('CHECKPOINT')
  const reader = await connection.runAndReadAll(
    'SELECT used_blocks * block_size FROM pragma_database_size()',
  )
  return Number(reader.getRows()[0]?.[0])
}

async function append(connection: DuckDBConnection, edges: readonly Edge[]): Promise<void> {
  await connection.run('BEGIN TRANSACTION')
  const appender = await connection.createAppender('edge')
  for (const [trace, from, to, role, how] of edges) {
    for (const value of [trace, from, to, role, '', how]) appender.appendVarchar(value)
    appender.endRow()
  }
  appender.closeSync()
  await connection.run('COMMIT')
}

async function measureQueries(
  ask: (query: string) => Promise<number>,
  trace: string,
): Promise<void> {
  let count = 0
  const all = await timed(async () => {
    count = await ask("SELECT count(*) FROM v_edge WHERE how <> ''")
  })
  const one = await median(() => ask(`SELECT count(*) FROM v_edge WHERE trace_id = '${trace}'`))
  console.log(
    `  all ${count.toLocaleString('en')} edges ${(all / 1000).toFixed(1)} s, those of one trace ${one.toFixed(1)} ms`,
  )
}

async function timed(task: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await task()
  return performance.now() - start
}

async function median(task: () => Promise<number>): Promise<number> {
  const times: number[] = []
  for (let repetition = 0; repetition < 5; repetition++) times.push(await timed(task))
  return times.sort((a, b) => a - b)[2] ?? 0
}

function report(what: string, ms: number, count: number, one: string): void {
  console.log(`${what} ${((ms / count) * 1000).toFixed(1)} µs per ${one}`)
}

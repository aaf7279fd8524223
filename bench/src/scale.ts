import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type Store } from '@trace2/store'
import type { SpanRecord } from '@trace2/store/otlp'

const spansPerRun = 50
const spansOfLargeRun = 1_000
const spansPerWrite = 5_000

interface Point {
  readonly spans: number
  /** Spans stored per second since the point before. */
  readonly intake: number
  /** Medians in milliseconds. */
  readonly graph: number
  readonly failing: number
  /** Of a batch of stored spans that comes once more after a restart. */
  readonly again: number
  /** Of the database file, after a checkpoint. */
  readonly bytesPerSpan: number
}

/**
 * How intake and queries change as a store grows. `TRACE2_BENCH_SPANS` is the largest size (default 1,000,000). The
 * points go to the file named by `TRACE2_BENCH_OUT`, from which `npm run docs:plots` draws.
 */
export async function scale(): Promise<void> {
  const largest = Number(process.env.TRACE2_BENCH_SPANS ?? 1e6)
  const directory = await mkdtemp(join(tmpdir(), 'trace2-scale-'))
  const points: Point[] = []
  try {
    for (let spans = 10_000; spans <= largest; spans *= 10) {
      const point = await measure(join(directory, 'scale.duckdb'), spans, points.at(-1)?.spans ?? 0)
      points.push(point)
      console.log(
        `${spans.toLocaleString('en')} spans: intake ${Math.round(point.intake).toLocaleString('en')} spans/s, graph of ${spansOfLargeRun} spans ${point.graph.toFixed(0)} ms, 50 latest failing runs ${point.failing.toFixed(0)} ms, ${spansOfLargeRun} spans sent again ${point.again.toFixed(0)} ms, ${point.bytesPerSpan.toFixed(0)} bytes per span`,
      )
    }
    const out = process.env.TRACE2_BENCH_OUT
    if (out) await writeFile(out, `${JSON.stringify(points, null, 2)}\n`)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function measure(file: string, spans: number, present: number): Promise<Point> {
  let store = await openStore(file)
  const start = performance.now()
  for (let stored = present; stored < spans - spansOfLargeRun; stored += spansPerWrite) {
    const wanted = Math.min(spansPerWrite, spans - spansOfLargeRun - stored)
    await store.writeSpans(
      Array.from({ length: wanted / spansPerRun }, () => agentRun(spansPerRun)).flat(),
    )
  }
  const large = agentRun(spansOfLargeRun)
  await store.writeSpans(large)
  const intake = (spans - present) / ((performance.now() - start) / 1000)
  // Closing checkpoints; what is measured next is what a fresh process finds.
  await store.close()
  store = await openStore(file)
  const traceId = large[0]?.traceId ?? ''
  const graph = await median(async () => (await store.graph(traceId)).nodes.length)
  const failing = await median(() => latestFailing(store))
  // What is sent a second time to one process is known in its memory.
  const again = await median(
    async () => (await store.writeSpans(large)).duplicates,
    async () => {
      await store.close()
      store = await openStore(file)
    },
  )
  await store.close()
  const { size } = await stat(file)
  return { spans, intake, graph, failing, again, bytesPerSpan: size / spans }
}

async function latestFailing(store: Store): Promise<number> {
  const runs = await store.runs({ where: 'failed', limit: 50 })
  if (runs.length < 3) throw new Error('The store has too few failing runs.')
  return runs.length
}

const repetitions = 7

async function median(
  task: () => Promise<number>,
  before: () => Promise<void> = async () => undefined,
): Promise<number> {
  const times: number[] = []
  for (let repetition = 0; repetition < repetitions; repetition++) {
    await before()
    const start = performance.now()
    await task()
    times.push(performance.now() - start)
  }
  return times.sort((a, b) => a - b)[Math.floor(repetitions / 2)] ?? 0
}

let clock = 1_700_000_000_000_000_000n
let runs = 0

/** A run whose operators use one another's outputs, about 900 bytes of OTLP per span; one in fifty fails. */
function agentRun(size: number): SpanRecord[] {
  const traceId = randomBytes(16).toString('hex')
  const ids = Array.from({ length: size }, () => randomBytes(8).toString('hex'))
  const failed = runs++ % 50 === 0
  return ids.map((spanId, index): SpanRecord => {
    clock += 1_000_000n
    const producer = ids[index - 1]
    const note = randomBytes(90).toString('base64')
    return {
      traceId,
      spanId,
      parentSpanId: index === 0 ? undefined : ids[0],
      traceState: '',
      flags: 1,
      name: index === 0 ? 'agent' : `step${index % 12}`,
      kind: 1,
      startNs: clock,
      endNs: clock + 900_000n,
      attributes: new Map<string, string | bigint | readonly string[]>([
        ['trace2.kind', index === 0 ? 'run' : 'op'],
        ['trace2.op', index === 0 ? 'agent' : `step${index % 12}`],
        ['trace2.op.description', 'Takes what the step before it found and adds to it.'],
        ['input.value', JSON.stringify({ found: note, question: `What about ${spanId}?` })],
        ['input.mime_type', 'application/json'],
        ['output.value', `${note} and ${spanId}`],
        ['gen_ai.usage.input_tokens', BigInt(100 + index)],
        ['trace2.inputs', index > 1 ? [`found=span:${traceId}:${producer}!identity`] : []],
      ]),
      droppedAttributesCount: 0,
      events: [],
      droppedEventsCount: 0,
      links: [],
      droppedLinksCount: 0,
      status: { code: failed && index === 0 ? 2 : 0, message: failed ? 'failed' : '' },
      resource: { attributes: new Map([['service.name', 'bench']]), schemaUrl: '' },
      scope: { name: 'bench', version: '1', attributes: new Map(), schemaUrl: '' },
    }
  })
}

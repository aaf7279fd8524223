import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as conventions from '@trace2/core'
import { type Backward, type Batch, backward } from '@trace2/optimizer'
import { makeBatch, renderProblem, tokenizerFor } from '@trace2/optimizer/internal'
import { type Feedback, openStore, type RunGraph, type Store } from '@trace2/store'
import type { SpanRecord } from '@trace2/store/otlp'

/** Backward passes, reading runs for them, and prompts made from them: sizes, times, growth. */
export async function backwardBench(): Promise<void> {
  minimalSubgraph()
  await storedRuns()
  await longChain()
  await batches()
}

export { backwardBench as backward }

/** Milliseconds by the clock and of the processor; the latter hardly depends on what else the machine does. */
interface Took {
  readonly wall: number
  readonly processor: number
}

/** The medians of some repetitions, after one that warms up. */
function median(measure: () => void, repetitions = 15): Took {
  measure()
  const times = Array.from({ length: repetitions }, () => {
    const start = performance.now()
    const before = process.cpuUsage()
    measure()
    const { user, system } = process.cpuUsage(before)
    return { wall: performance.now() - start, processor: (user + system) / 1000 }
  })
  const middle = (of: (time: Took) => number) =>
    times.map(of).sort((a, b) => a - b)[Math.floor(repetitions / 2)] ?? 0
  return { wall: middle(({ wall }) => wall), processor: middle(({ processor }) => processor) }
}

const shown = ({ wall, processor }: Took) =>
  `${wall.toFixed(1)} ms (processor ${processor.toFixed(1)} ms)`

function minimalSubgraph(): void {
  console.log('Minimal subgraph of one graph, loaded; two inputs per operator, one far back')
  const points: (readonly [number, number])[] = []
  for (const size of [1000, 10_000, 30_000, 100_000]) {
    // As a collector gives it: its ids are texts of their own, not ones put together here.
    const graph: RunGraph = JSON.parse(JSON.stringify(syntheticGraph(size)))
    // A copy is a graph that no pass has seen: its index is made anew.
    const first = median(() => {
      backward({ ...graph }, [feedbackOn(graph.run)])
    })
    const again = median(() => {
      backward(graph, [feedbackOn(graph.run)])
    })
    points.push([size, first.processor])
    console.log(`  ${size} nodes: first pass ${shown(first)}, every other ${shown(again)}`)
  }
  const { slope, r2 } = fit(points)
  console.log(`  linear fit: ${(slope * 1000).toFixed(3)} µs per node, R² ${r2.toFixed(4)}`)
}

/** Least squares through the origin. */
function fit(points: readonly (readonly [number, number])[]): { slope: number; r2: number } {
  const slope =
    points.reduce((sum, [x, y]) => sum + x * y, 0) / points.reduce((sum, [x]) => sum + x * x, 0)
  const mean = points.reduce((sum, [, y]) => sum + y, 0) / points.length
  const rest = points.reduce((sum, [x, y]) => sum + (y - slope * x) ** 2, 0)
  return { slope, r2: 1 - rest / points.reduce((sum, [, y]) => sum + (y - mean) ** 2, 0) }
}

/** Runs that are read one by one, for comparison. */
const SINGLE = 100

/**
 * Stored runs, listed, loaded and passed backward. `TRACE2_BENCH_RUNS` says how many (default 1,000). Beside it, in the same
 * run, what one run takes that is asked for by itself.
 */
async function storedRuns(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'trace2-bench-'))
  const store = await openStore(join(directory, 'bench.duckdb'))
  const runs = Number(process.env.TRACE2_BENCH_RUNS ?? 1000)
  for (let from = 0; from < runs; from += 100) {
    await store.writeSpans(Array.from({ length: 100 }, (_, at) => storedRun(from + at)).flat())
  }
  const readings: Reading[] = []
  for (let repetition = 0; repetition <= REPETITIONS; repetition++) readings.push(await read(store))
  // While the first ones read, what they run is still being compiled.
  const [first, ...others] = readings
  const spread = (of: (reading: Reading) => number) => {
    const sorted = others.map(of).sort((a, b) => a - b)
    const [least = 0, middle = 0] = [sorted[0], sorted[sorted.length >> 1]]
    return `${middle.toFixed(0)} (${least.toFixed(0)} to ${(sorted.at(-1) ?? 0).toFixed(0)})`
  }
  console.log(
    `Load and backward of ${runs} stored runs (${first?.nodes} nodes), median and spread of ${REPETITIONS} after one: ` +
      `${spread(({ took }) => took.wall)} ms, processor ${spread(({ took }) => took.processor)} ms, ` +
      `listed before in ${spread(({ listed }) => listed.wall)} ms; a run takes ${spread(({ ratio }) => 100 * ratio)} % of what it takes alone; ` +
      `the first time ${first && shown(first.took)}; memory ${spread(({ peak }) => peak / 2 ** 20)} MiB at most`,
  )
  const passes: Backward<Feedback>[] = []
  const some = (await store.runs({ limit: 1000 })).map(({ id }) => id)
  for await (const graph of store.graphs(some))
    passes.push(backward(graph, [feedbackOn(graph.run)]))
  const grouping = clock()
  const batch = makeBatch(passes, new Map())
  console.log(
    `  ${passes.length} of them grouped into ${batch.groups.length} shape: ${shown(grouping())}`,
  )
  await store.close()
  await rm(directory, { recursive: true })
}

const REPETITIONS = 7

interface Reading {
  readonly listed: Took
  readonly took: Took
  readonly nodes: number
  /** Time of a run, over that of one that is read alone. */
  readonly ratio: number
  /** Bytes of the process, at most. */
  readonly peak: number
}

/** Passes every stored run backward, and keeps none of them. */
async function read(store: Store): Promise<Reading> {
  const start = clock()
  const ids = (await store.runs({ limit: 0 })).map(({ id }) => id)
  const listed = start()
  const begin = clock()
  let [read, nodes, peak] = [0, 0, 0]
  for await (const graph of store.graphs(ids)) {
    nodes += graph.nodes.length
    backward(graph, [feedbackOn(graph.run)])
    if (++read % 100 === 0) peak = Math.max(peak, process.memoryUsage.rss())
  }
  const took = begin()
  const single = clock()
  for (const id of ids.slice(0, SINGLE)) backward(await store.graph(id), [feedbackOn(id)])
  const ratio = took.wall / ids.length / (single().wall / Math.min(SINGLE, ids.length))
  return { listed, took, nodes, ratio, peak }
}

/** Begins to measure; what it returns ends it. */
function clock(): () => Took {
  const start = performance.now()
  const before = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(before)
    return { wall: performance.now() - start, processor: (user + system) / 1000 }
  }
}

async function longChain(): Promise<void> {
  const tokenizer = await tokenizerFor('gpt-4o')
  const chain = syntheticGraph(1600, 'chain')
  for (const maxTokens of [8000, 1_000_000]) {
    const took = median(() => {
      renderProblem(problem(makeBatch([backward(chain, [feedbackOn(chain.run)])], new Map())), {
        maxTokens,
        tokenizer,
      })
    })
    console.log(
      `Backward, grouping and prompt of a chain of 1,600 steps, budget ${maxTokens}: ${shown(took)} (Trace, as measured in 2026: 8,800 ms)`,
    )
  }
}

async function batches(): Promise<void> {
  const tokenizer = await tokenizerFor('gpt-4o')
  console.log('Tokens of a batch of runs of one shape (12 operators, 400 characters each):')
  for (const size of [1, 4, 16, 64, 256]) {
    const passes = Array.from({ length: size }, (_, at) => {
      const graph = syntheticGraph(12, 'chain', at)
      return backward(graph, [feedbackOn(graph.run)])
    })
    const grouped = makeBatch(passes, new Map())
    const unlimited = { maxTokens: Number.POSITIVE_INFINITY, tokenizer }
    const once = renderProblem(problem(grouped), unlimited).tokens
    const repeated = renderProblem(problem(apart(grouped)), unlimited).tokens
    const budget = renderProblem(problem(grouped), { maxTokens: 16_000, tokenizer })
    console.log(
      `  ${size} runs: structure once ${once}, repeated per run as Trace does ${repeated} (${(repeated / once).toFixed(2)}×), within 16,000 ${budget.tokens}`,
    )
  }
}

/** The same batch with every run a group of its own. */
function apart(batch: Batch): Batch {
  return {
    runs: batch.runs,
    groups: batch.runs.map((run) => ({ label: `R${run.number}`, shape: run.shape, runs: [run] })),
  }
}

function problem(batch: Batch) {
  const variable = {
    name: 'p',
    version: '0',
    value: 'Do it well.',
    valueKind: 'text',
    description: '',
    schema: null,
  } as const
  return { variables: [variable], batch, objective: 'Improve.' }
}

function feedbackOn(traceId: string): Feedback {
  return {
    id: `f-${traceId}`,
    traceId,
    spanId: null,
    name: 'quality',
    score: 0,
    label: null,
    comment: 'The answer misses the point of the question.',
    source: 'human',
    identifier: '',
    createdAt: '2026-01-01T00:00:00Z',
  }
}

const hex = (number: number, digits: number) => number.toString(16).padStart(digits, '0')

/** One parameter and `size` operators; each uses the one before and, unless it is a chain, one further back. */
function syntheticGraph(size: number, kind: 'chain' | 'skips' = 'skips', seed = 0): RunGraph {
  const run = hex(seed + 1, 32)
  const version = '0'.repeat(16)
  const parameter = `param:p@${version}`
  const id = (at: number) => (at === 0 ? parameter : `span:${run}:${hex(at, 16)}`)
  const text = (at: number) => `Run ${seed}, step ${at}: ${'words of an answer '.repeat(21)}`
  return {
    run,
    output: id(size),
    repairs: [],
    nodes: [
      {
        id: parameter,
        level: 0,
        kind: 'parameter',
        name: 'p',
        version,
        value: 'Do it well.',
        valueKind: 'text',
        trainable: true,
        description: '',
        schema: null,
      },
      ...Array.from({ length: size }, (_, at) => ({
        id: id(at + 1),
        level: at + 1,
        kind: 'op' as const,
        traceId: run,
        spanId: hex(at + 1, 16),
        parent: null,
        run: false,
        op: `step${at % 7}`,
        description: '',
        sourceHash: null,
        dialect: 'trace2',
        inputs: {},
        templates: {},
        value: size > 1000 ? at : text(at),
        errorFrame: null,
        model: null,
        startedAt: `2026-01-01T00:00:00.${String(at).padStart(9, '0')}Z`,
        durationMs: 1,
      })),
    ],
    edges: Array.from({ length: size }, (_, at) => [
      { from: id(at), to: id(at + 1), role: 'x', pointer: '', how: 'exact' as const },
      {
        from: kind === 'chain' ? parameter : id(Math.floor(at * 0.9)),
        to: id(at + 1),
        role: 'y',
        pointer: '',
        how: 'exact' as const,
      },
    ]).flat(),
  }
}

/** A run of 48 operators in a chain with one parameter and one external input: 50 nodes with the run's own. */
function storedRun(number: number): SpanRecord[] {
  // As random as those of programs: a store tells where a trace is by the beginning of its id.
  const traceId = conventions.valueHash(['run', number]).slice(0, 32)
  const version = conventions.parameterVersion('Do it well.')
  const span = (
    at: number,
    attributes: readonly (readonly [string, string | readonly string[]])[],
  ) => ({
    traceId,
    spanId: hex(at + 1, 16),
    parentSpanId: at === 0 ? undefined : hex(1, 16),
    traceState: '',
    flags: 1,
    name: at === 0 ? 'agent' : `step${at}`,
    kind: 1,
    startNs: BigInt(1_767_225_600_000_000_000 + number * 1e9 + at * 1000),
    endNs: BigInt(1_767_225_600_000_000_000 + number * 1e9 + at * 1000 + 500),
    attributes: new Map<string, string | readonly string[]>(attributes),
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: { code: 0, message: '' },
    resource: { attributes: new Map([['service.name', 'bench']]), schemaUrl: '' },
    scope: { name: 'bench', version: '', attributes: new Map(), schemaUrl: '' },
  })
  const ref = (at: number) =>
    conventions.formatInput({
      role: 'x',
      how: 'exact',
      origin: { kind: 'span', traceId, spanId: hex(at + 1, 16), pointer: '' },
    })
  const use = conventions.formatInput({
    role: 'prompt',
    how: 'exact',
    origin: { kind: 'parameter', name: 'p', version, pointer: '' },
  })
  return Array.from({ length: 48 }, (_, at) =>
    span(at, [
      [conventions.ATTR_KIND, at === 0 ? 'run' : 'op'],
      [conventions.ATTR_OP, at === 0 ? 'agent' : `step${at % 7}`],
      [conventions.ATTR_INPUT_VALUE, JSON.stringify({ ticket: `Question ${number}` })],
      [conventions.ATTR_OUTPUT_VALUE, `Answer ${at} of run ${number}: ${'words '.repeat(50)}`],
      ...(at === 0
        ? []
        : ([
            [conventions.ATTR_INPUTS, at === 1 ? [use] : [ref(at - 1), use]],
            [`${conventions.PREFIX_PARAM_VALUE}p`, JSON.stringify('Do it well.')],
            [`${conventions.PREFIX_PARAM_VERSION}p`, version],
            [`${conventions.PREFIX_PARAM_TRAINABLE}p`, 'true'],
          ] as const)),
    ]),
  )
}

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type Attributes, context, type Link, SpanStatusCode, trace } from '@opentelemetry/api'
import {
  NodeTracerProvider,
  type ReadableSpan,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-node'
import { bundle, node, parameter, run } from '@trace2/instrumentation'
import { figure } from './harness/figure.ts'
import { hostileValues } from './hostile-values.ts'

const calls = 20_000
const rounds = 9

/**
 * What instrumentation costs, as ratios of things measured in turn in the same process: a bundle call against the
 * same span written by hand, a bundle without a provider against the plain function, a parameter, values that are made to
 * be expensive, and what a million calls leave behind.
 */
export async function instrumentation(): Promise<void> {
  withoutProvider()
  const provider = new NodeTracerProvider({ spanProcessors: [new Discard()] })
  provider.register()
  withProvider()
  resolving()
  hostileValues(print)
  await memory()
  trace.disable()
  context.disable()
}

/** Takes the spans as a batch processor would, and lets go of them. */
class Discard implements SpanProcessor {
  last: ReadableSpan | undefined
  onStart(): void {}
  onEnd(span: ReadableSpan): void {
    this.last = span
  }
  forceFlush(): Promise<void> {
    return Promise.resolve()
  }
  shutdown(): Promise<void> {
    return Promise.resolve()
  }
}

function withoutProvider(): void {
  const plain = (a: string, b: number, c: object) => (a.length + b > 3 ? c : a)
  const bundled = bundle('bench.plain', plain)
  const input = { text: 'x' }
  const [base, ours] = alternate(
    () => plain('abc', 5, input),
    () => bundled('abc', 5, input),
    calls * 10,
  )
  figure('bundle without a provider, over the plain call', ours - base, 'ns')
}

function withProvider(): void {
  const text = 'x'.repeat(450)
  const answer = (question: string, first: { text: string }, second: { text: string }) => ({
    answer: question.length + first.text.length + second.text.length,
  })
  const bundled = bundle('bench.answer', answer)
  const produce = bundle('bench.produce', (text: string) => ({ text }))
  run('bench.run', () => {
    const first = produce.node(text)
    const second = produce.node(text)
    const [base, ours] = alternate(
      () => byHand(answer, 'what is it', first.value, second.value, [first, second]),
      () => bundled('what is it', first, second),
      calls,
    )
    figure('the same span by hand', base / 1_000, 'µs')
    figure('bundle call, three inputs, 1 KB, two links', ours / 1_000, 'µs')
    figure('ratio, bundle call over the span by hand', ours / base, '×')
  })()
}

const tracer = trace.getTracer('bench')

let handmade = 0

/** What someone would write with OpenTelemetry alone to leave the same span. */
function byHand(
  answer: (question: string, first: { text: string }, second: { text: string }) => object,
  question: string,
  first: { text: string },
  second: { text: string },
  producers: readonly { traceId: string | undefined; spanId: string | undefined }[],
): object {
  const roles = ['first', 'second']
  const links: Link[] = producers.map(({ traceId = '', spanId = '' }, index) => ({
    context: { traceId, spanId, traceFlags: 1 },
    attributes: { 'trace2.edge.role': roles[index] ?? '', 'trace2.edge.how': 'exact' },
  }))
  const attributes: Attributes = {
    'trace2.kind': 'op',
    'trace2.op': 'bench.answer',
    'openinference.span.kind': 'CHAIN',
    'trace2.op.source_hash': '0123456789abcdef',
    'code.function.name': 'answer',
    'code.file.path': '/bench/src/instrumentation.js',
    'code.line.number': 60,
    'trace2.op.order': handmade++,
    'trace2.inputs': producers.map(
      ({ traceId, spanId }, index) => `${roles[index]}=span:${traceId}:${spanId}`,
    ),
    'input.value': JSON.stringify({ question, first, second }),
    'input.mime_type': 'application/json',
  }
  return tracer.startActiveSpan('bench.answer', { attributes, links }, (span) => {
    try {
      const result = answer(question, first, second)
      span.setAttribute('output.value', JSON.stringify(result))
      span.setAttribute('output.mime_type', 'application/json')
      return result
    } catch (error) {
      span.recordException(error instanceof Error ? error : String(error))
      span.setStatus({ code: SpanStatusCode.ERROR })
      throw error
    } finally {
      span.end()
    }
  })
}

function resolving(): void {
  const prompt = parameter('bench.prompt', 'Answer in one sentence.')
  const [, outside] = alternate(
    () => undefined,
    () => prompt.value,
    calls * 10,
  )
  figure('resolving a parameter outside a run', outside, 'ns')
  run('bench.resolve', () => {
    const [, inside] = alternate(
      () => undefined,
      () => prompt.value,
      calls * 10,
    )
    figure('resolving a parameter in a run, use recorded', inside, 'ns')
  })()
}

/** Heap after runs of a million calls, against the heap before. */
async function memory(): Promise<void> {
  setFlagsFromString('--expose-gc')
  const gc: unknown = runInNewContext('gc')
  const step = bundle('bench.step', (input: { n: number }) => ({
    n: input.n + 1,
    text: `step ${input.n}`,
  }))
  const agent = run('bench.agent', async (n: number) => {
    let state: { n: number } = node({ n }).value
    for (let index = 0; index < 100; index++) state = step(state)
    return state.n
  })
  const settle = async () => {
    for (let round = 0; round < 3; round++) {
      if (typeof gc === 'function') gc()
      await new Promise((done) => setTimeout(done, 20))
    }
    return process.memoryUsage().heapUsed / 2 ** 20
  }
  for (let warm = 0; warm < 100; warm++) await agent(warm)
  const before = await settle()
  const started = performance.now()
  for (let count = 0; count < 10_000; count++) await agent(count)
  const seconds = (performance.now() - started) / 1_000
  const after = await settle()
  figure('heap after a million calls, over before', after - before, 'MiB')
  figure('a million calls', seconds, 's')
}

/** Median nanoseconds per call of each, taken in turns so that both see the same machine. */
function alternate(first: () => unknown, second: () => unknown, count: number): [number, number] {
  const times: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    times[0].push(nanosecondsPerCall(first, count))
    times[1].push(nanosecondsPerCall(second, count))
  }
  return [median(times[0]), median(times[1])]
}

function nanosecondsPerCall(fn: () => unknown, count: number): number {
  const started = performance.now()
  for (let index = 0; index < count; index++) kept = fn()
  return ((performance.now() - started) * 1e6) / count
}

/** Keeps the calls from being optimized away. */
export let kept: unknown

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function print(what: string, measured: string, wanted: string): void {
  console.log(`${what.padEnd(52)} ${measured.padStart(16)}  ${wanted}`)
}

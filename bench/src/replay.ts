import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { context, trace } from '@opentelemetry/api'
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node'
import {
  Execution,
  expectedRuns,
  type Program,
  randomProgram,
  stepsIn,
  valueOfParameter,
} from '@trace2/evaluation/simulation'
import { type RecordedRun, recordedRunIn, replaying } from '@trace2/instrumentation/replay'
import { table } from './gate-table.ts'

/** Milliseconds that an operator takes where times are measured. */
const waitMs = 5

/** What replays of random programs execute, against a model of what depends on the change, and what that saves. */
export async function replay(): Promise<void> {
  await measure(1_000)
}

/** The same with ten times as many programs. */
export async function replayFull(): Promise<void> {
  await measure(10_000)
}

async function measure(programs: number): Promise<void> {
  const exporter = new InMemorySpanExporter()
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  provider.register()
  const record = async (execution: Execution) => {
    // What is held weakly is let go when the program rests.
    await new Promise((done) => setImmediate(done))
    exporter.reset()
    const output = JSON.stringify(await execution.run())
    // As it comes to the process of a trial.
    const run: RecordedRun = JSON.parse(JSON.stringify(recordedRunIn(exporter.getFinishedSpans())))
    execution.executed.length = 0
    return { run, output }
  }
  await exactness(programs, record)
  await effects(programs, record)
  await speed(Math.min(200, programs), record)
  await answers(record)
  trace.disable()
  context.disable()
}

type Record = (
  execution: Execution,
) => Promise<{ readonly run: RecordedRun; readonly output: string }>

function versions({ parameters }: Program, changed: readonly number[]): string[] {
  return Array.from({ length: parameters }, (_, index) =>
    valueOfParameter(index, changed.includes(index) ? 1 : 0),
  )
}

async function exactness(programs: number, record: Record): Promise<void> {
  const seen = { operators: 0, executed: 0, expected: 0, wrong: 0, unchanged: 0, bytes: 0 }
  for (let seed = 0; seed < programs; seed++) {
    const program = randomProgram(seed)
    const execution = new Execution(program)
    execution.change(versions(program, []))
    const { run, output } = await record(execution)
    const same = await replaying(run, {}, () => execution.run())
    seen.unchanged += execution.executed.length
    if (JSON.stringify(same.result) !== output) seen.bytes++
    const after = versions(program, [seed % program.parameters])
    execution.change(after)
    const { report } = await replaying(run, {}, () => execution.run())
    const expected = expectedRuns(program, versions(program, []), after)
    if (!isEqual(report.executed, expected)) seen.wrong++
    seen.operators += run.calls.length - 1
    seen.executed += sumOf(report.executed)
    seen.expected += sumOf(expected)
  }
  table(
    [
      'random programs',
      'calls',
      'executed after a change',
      'expected',
      'programs that differ',
      'executed without a change',
      'outputs of other bytes',
    ],
    [
      [
        programs,
        seen.operators,
        seen.executed,
        seen.expected,
        seen.wrong,
        seen.unchanged,
        seen.bytes,
      ].map(String),
    ],
  )
}

/** Effects are lines in a file, so that nothing but the file has to be believed. */
async function effects(programs: number, record: Record): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'trace2-bench-'))
  const canary = join(directory, 'canary')
  const lines = () => readFileSync(canary, 'utf8').length
  appendFileSync(canary, '')
  const seen = { inRuns: 0, inReplays: 0, diverged: 0, refused: 0 }
  for (let seed = 0; seed < programs; seed++) {
    const program = randomProgram(seed, { effects: 0.3 })
    const execution = new Execution(program, { effect: () => appendFileSync(canary, 'x') })
    execution.change(versions(program, []))
    const { run } = await record(execution)
    const before = lines()
    seen.inRuns = before
    execution.change(versions(program, [0, 1, 2]))
    const { report } = await replaying(run, {}, () => execution.run())
    seen.inReplays += lines() - before
    if (report.ended?.kind === 'diverged') seen.diverged++
    else if (report.ended) seen.refused++
  }
  rmSync(directory, { recursive: true })
  table(
    [
      'programs with effects',
      'effects in runs',
      'effects in replays',
      'diverged',
      'not replayable',
    ],
    [[programs, seen.inRuns, seen.inReplays, seen.diverged, seen.refused].map(String)],
  )
}

const shares = [0, 0.25, 0.5, 0.75, 1] as const

async function speed(programs: number, record: Record): Promise<void> {
  const bySize = shares.map(() => ({ programs: 0, calls: 0, executed: 0, fullMs: 0, replayMs: 0 }))
  for (let seed = 0; seed < programs; seed++) {
    const program = randomProgram(seed, { steps: 16 })
    const execution = new Execution(program, { waitMs })
    execution.change(versions(program, []))
    const { run } = await record(execution)
    execution.change(versions(program, seed % 4 === 0 ? [] : [0, 1, 2].slice(0, seed % 4)))
    const replayStart = performance.now()
    const { report } = await replaying(run, {}, () => execution.run())
    const replayMs = performance.now() - replayStart
    const fullStart = performance.now()
    await execution.run()
    const fullMs = performance.now() - fullStart
    const calls = stepsIn(program.body).length
    const executed = Object.keys(report.executed).length
    const bucket = bySize[shares.findIndex((share) => executed / calls <= share)]
    if (!bucket) continue
    bucket.programs++
    bucket.calls += calls
    bucket.executed += executed
    bucket.fullMs += fullMs
    bucket.replayMs += replayMs
  }
  const name = (index: number) => (index === 0 ? 'none' : `up to ${(shares[index] ?? 1) * 100} %`)
  table(
    [
      'operators that run',
      'programs',
      'operators',
      'run',
      `full run, operators of ${waitMs} ms`,
      'replay',
      'faster',
    ],
    bySize.map(({ programs: count, calls, executed, fullMs, replayMs }, index) => [
      name(index),
      String(count),
      String(calls),
      String(executed),
      `${(fullMs / Math.max(1, count)).toFixed(1)} ms`,
      `${(replayMs / Math.max(1, count)).toFixed(1)} ms`,
      count === 0 ? '' : `${(fullMs / replayMs).toFixed(1)} times`,
    ]),
  )
}

/** What an answer costs, in a run of so many calls: it must not grow with their number. */
async function answers(record: Record): Promise<void> {
  const rows: string[][] = []
  for (const steps of [100, 1_000, 4_000]) {
    const execution = new Execution(longProgram(steps))
    const { run } = await record(execution)
    const start = performance.now()
    await replaying(run, {}, () => execution.run())
    const perCall = ((performance.now() - start) * 1_000) / steps
    rows.push([String(steps), `${perCall.toFixed(0)} µs`])
  }
  table(['calls of a run', 'replay, per call'], rows)
}

/** Steps one after the other, each of which uses the one before. */
function longProgram(steps: number): Program {
  const body = Array.from({ length: steps }, (_, index) => [
    {
      name: `step${index}`,
      inputs: index === 0 ? [] : [{ step: `step${index - 1}`, part: 'whole' as const }],
      parameter: undefined,
      form: 'async' as const,
      inner: [],
      isDeaf: false,
      fails: false,
      hasEffects: false,
    },
  ])
  return { body, parameters: 1 }
}

function isEqual(
  a: { readonly [name: string]: number },
  b: { readonly [name: string]: number },
): boolean {
  const sorted = (counts: typeof a) => JSON.stringify(Object.entries(counts).sort())
  return sorted(a) === sorted(b)
}

function sumOf(counts: { readonly [name: string]: number }): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}

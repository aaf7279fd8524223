import { trace } from '@opentelemetry/api'
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node'
import { type RecordedRun, recordedRunIn, replaying } from '@trace2/instrumentation/replay'
import fc from 'fast-check'
import { afterAll, beforeEach, expect, it } from 'vitest'
import {
  Execution,
  expectedRuns,
  type Program,
  randomProgram,
  stepsIn,
  valueOfParameter,
} from '../simulation/index.ts'

const exporter = new InMemorySpanExporter()
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
provider.register()
beforeEach(() => exporter.reset())
afterAll(async () => {
  trace.disable()
  await provider.shutdown()
})

const seeds = fc.nat(1_000_000)
const versions = (program: Program, changed: readonly number[]) =>
  Array.from({ length: program.parameters }, (_, index) =>
    valueOfParameter(index, changed.includes(index) ? 1 : 0),
  )

async function recorded(execution: Execution): Promise<{ run: RecordedRun; output: string }> {
  exporter.reset()
  const output = JSON.stringify(await execution.run())
  const run: RecordedRun = JSON.parse(JSON.stringify(recordedRunIn(exporter.getFinishedSpans())))
  execution.executed.length = 0
  return { run, output }
}

function counted(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

it('a replay of an unchanged program executes nothing and gives equal bytes', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, async (seed) => {
      const program = randomProgram(seed, { effects: 0.2 })
      const execution = new Execution(program)
      execution.change(versions(program, []))
      const { run, output } = await recorded(execution)
      const { result, report } = await replaying(run, {}, () => execution.run())
      expect(execution.executed).toEqual([])
      expect(JSON.stringify(result)).toBe(output)
      expect(report).toMatchObject({ executed: {}, fresh: {}, unused: {}, ended: null })
      expect(report.saved.calls).toBe(run.calls.length - 1)
    }),
    { numRuns: 100 },
  )
})

it('what runs is what depends on the change, and no more where an output stays as it was', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, fc.subarray([0, 1, 2]), async (seed, changed) => {
      const program = randomProgram(seed)
      const execution = new Execution(program)
      execution.change(versions(program, []))
      const { run } = await recorded(execution)
      execution.change(versions(program, changed))
      const { result, report } = await replaying(run, {}, () => execution.run())
      const expected = expectedRuns(program, versions(program, []), versions(program, changed))
      expect(counted(execution.executed)).toEqual(expected)
      expect(report.executed).toEqual(expected)
      expect(JSON.stringify(result)).toBe(JSON.stringify(await execution.run()))
    }),
    { numRuns: 200 },
  )
})

it('what has effects never runs, whatever changes', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, async (seed) => {
      const program = randomProgram(seed, { effects: 0.3 })
      const execution = new Execution(program)
      execution.change(versions(program, []))
      const { run } = await recorded(execution)
      execution.effects.length = 0
      const after = versions(program, [0, 1, 2])
      execution.change(after)
      const { error, report } = await replaying(run, {}, () => execution.run())
      expect(execution.effects).toEqual([])
      const expected = expectedRuns(program, versions(program, []), after)
      const reached = stepsIn(program.body).some(
        ({ name, hasEffects }) => hasEffects && expected[name],
      )
      expect(report.ended?.kind).toBe(reached ? 'diverged' : undefined)
      expect(error !== undefined).toBe(reached)
    }),
    { numRuns: 100 },
  )
})

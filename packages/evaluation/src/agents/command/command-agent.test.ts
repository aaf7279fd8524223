import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type AgentLimits, startAgent } from '../index.ts'
import { isAlive } from '../testing/alive.ts'
import { trialOf } from '../testing/task.ts'

const program = fileURLToPath(new URL('../testing/command-agent.mjs', import.meta.url))

async function started(words: readonly string[], limits: AgentLimits = {}) {
  const command = [process.execPath, program, ...words]
  const agent = await startAgent({ kind: 'command', command }, limits)
  onTestFinished(() => agent.close())
  return agent
}

describe('a trial of a command', () => {
  test('gets the case on its standard input and the parameters as a file', async () => {
    const agent = await started(['echo'], { environment: { TESTED_WORD: 'given' } })
    const parameters = { 'tested.tone': 'warm' }
    const task = trialOf({ ticket: { body: 'a "quoted" one\n' } }, { parameters })
    const run = await agent.run(task)
    expect(run).toMatchObject({ outcome: 'done', reason: null, incomplete: null, unclaimed: null })
    expect(run.output).toEqual({
      given: { input: { body: 'a "quoted" one\n' }, inputs: task.inputs, trial: task.id },
      parameters: { trace2: 1, parameters: { 'tested.tone': { value: 'warm' } } },
      word: 'given',
    })
    const both = await agent.run(trialOf({ a: 1, b: null }))
    expect(both.output).toMatchObject({ given: { inputs: { a: 1, b: null } } })
    expect(JSON.stringify(both.output)).not.toContain('"input":')
  })

  test('has the variables of OpenTelemetry, and keeps what the user set beside them', async () => {
    const environment = {
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=mine',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://production.example/v1/traces',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=secret',
      NO_PROXY: 'intern',
    }
    const agent = await started(['variables'], { environment })
    const task = trialOf({}, { experiment: 'e,1' })
    const { output } = await agent.run(task)
    expect(output).toMatchObject({
      TRACEPARENT: `00-${task.traceId}-${task.spanId}-01`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_RESOURCE_ATTRIBUTES: `service.name=mine,trace2.experiment=e%2C1,trace2.trial=${task.id}`,
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/v1/),
      NO_PROXY: 'intern,127.0.0.1',
    })
    expect(output).not.toHaveProperty('OTEL_EXPORTER_OTLP_HEADERS')
  })

  test.each(['plain', 'gzip'])('gets its spans back, %s', async (how) => {
    const task = trialOf({})
    const run = await (await started(['continue', how])).run(task)
    expect(run).toMatchObject({ output: 200, incomplete: null })
    expect(run.spans).toMatchObject([
      { name: 'from afar', traceId: task.traceId, parentSpanId: task.spanId },
    ])
  })

  test('that ignores the trace is told from its resource, and marked', async () => {
    const run = await (await started(['ignore'])).run(trialOf({}))
    expect(run.spans).toHaveLength(1)
    expect(run.incomplete).toContain('TRACEPARENT')
  })

  test('runs beside others, each with its own', async () => {
    const agent = await started(['echo'], { parallel: 3 })
    const tasks = [1, 2, 3, 4, 5].map((n) => trialOf({ n }))
    const runs = await Promise.all(tasks.map((task) => agent.run(task)))
    expect(runs.map(({ output }) => Object(output).given.input)).toEqual([1, 2, 3, 4, 5])
  })

  test('leaves no files', async () => {
    const own = await mkdtemp(join(tmpdir(), 'trace2-own-'))
    const { TMPDIR = '' } = process.env
    process.env.TMPDIR = own
    onTestFinished(async () => {
      process.env.TMPDIR = TMPDIR
      await rm(own, { recursive: true })
    })
    const agent = await started(['echo'])
    const { output } = await agent.run(trialOf({ a: 1 }))
    expect(output).toHaveProperty('parameters')
    expect(await readdir(own)).toEqual([])
  })
})

describe('a command that', () => {
  test.each([
    ['fail', 'failed', /exit code 1: ValueError: no such ticket$/],
    ['signal', 'crashed', /SIGSEGV/],
  ] as const)('ends badly (%s) says how', async (how, outcome, reason) => {
    const run = await (await started([how])).run(trialOf({}))
    expect(run).toMatchObject({ outcome, output: null })
    expect(run.reason).toMatch(reason)
    expect(run.log).not.toContain('\u001b')
  })

  test('hangs is ended at its time, with what it has started', async () => {
    const run = await (await started(['hang'], { timeoutMs: 1_500 })).run(trialOf({}))
    expect(run.outcome).toBe('timed out')
    const [, pid] = /child (\d+)/.exec(run.log) ?? []
    await expect.poll(() => isAlive(Number(pid))).toBe(false)
  })

  test.runIf(process.platform === 'linux')('takes too much memory is ended', async () => {
    const run = await (await started(['hoard'], { memoryMb: 128 })).run(trialOf({}))
    expect(run.outcome).toBe('out of memory')
  })

  test('writes without end is ended', async () => {
    const run = await (await started(['flood'])).run(trialOf({}))
    expect(run).toMatchObject({ outcome: 'bad output', output: null })
  })

  test('is stopped ends', async () => {
    const stopping = new AbortController()
    const agent = await started(['hang'])
    const running = agent.run(trialOf({}), stopping.signal)
    setTimeout(() => stopping.abort(), 300)
    expect((await running).outcome).toBe('interrupted')
  })

  test.each([[['no-such-program-of-anybody']], [[]]])(
    'cannot be started (%j) stops all',
    async (command) => {
      const agent = startAgent({ kind: 'command', command })
      const running = agent.then((agent) => agent.run(trialOf({})).finally(() => agent.close()))
      await expect(running).rejects.toMatchObject({ code: 'T2_AGENT_LOAD' })
    },
  )
})

test('the hash of a command changes with the files that it names', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'trace2-hash-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const hashOf = async (...command: string[]) => {
    const agent = await startAgent({ kind: 'command', command, directory })
    const hash = await agent.sourceHash()
    await agent.close()
    return hash
  }
  await writeFile(join(directory, 'agent.py'), 'print(1)')
  const before = await hashOf('python3', 'agent.py')
  expect(await hashOf('python3', 'agent.py')).toBe(before)
  expect(await hashOf('python3', 'agent.py', '-v')).not.toBe(before)
  await writeFile(join(directory, 'agent.py'), 'print(2)')
  expect(await hashOf('python3', 'agent.py')).not.toBe(before)
})

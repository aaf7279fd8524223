import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parameterVersion } from '@trace2/core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type AgentLimits, type AgentRunner, parametersUsed, startAgent } from '../index.ts'
import { isAlive } from '../testing/alive.ts'
import { trialOf } from '../testing/task.ts'

const file = fileURLToPath(new URL('../testing/agents.ts', import.meta.url))

async function started(name: string, limits: AgentLimits = {}): Promise<AgentRunner> {
  const agent = await startAgent({ kind: 'module', file, export: name }, { parallel: 1, ...limits })
  onTestFinished(() => agent.close())
  return agent
}

describe('a trial of a module', () => {
  test('calls the function with the inputs in order, under the trial’s context', async () => {
    const agent = await started('agent')
    const task = trialOf({ text: 'hello', times: 2 })
    const run = await agent.run(task)
    expect(run).toMatchObject({
      outcome: 'done',
      reason: null,
      output: { said: 'plain hello', times: 2, share: 0.5 },
      incomplete: null,
      unclaimed: [],
    })
    expect(run.spans.map(({ name }) => name).sort()).toEqual(['tested', 'word'])
    for (const span of run.spans) expect(span.traceId).toBe(task.traceId)
    expect(run.spans.find(({ name }) => name === 'tested')?.parentSpanId).toBe(task.spanId)
  })

  test('has the values of its parameters, and the next one none of them', async () => {
    const agent = await started('agent')
    const parameters = { 'tested.tone': 'warm', 'tested.gone': 1 }
    const changed = await agent.run(trialOf({ text: 'a' }, { parameters }))
    expect(changed.output).toMatchObject({ said: 'warm a' })
    expect(changed.unclaimed).toEqual(['tested.gone'])
    expect(parametersUsed(changed.spans).get('tested.tone')).toEqual(
      new Set([parameterVersion('warm')]),
    )
    const plain = await agent.run(trialOf({ text: 'b' }))
    expect(plain.output).toMatchObject({ said: 'plain b' })
    expect(plain.unclaimed).toEqual([])
    expect([...parametersUsed(plain.spans).keys()].sort()).toEqual(['tested.share', 'tested.tone'])
  })

  test('with a value that its parameter does not take says so and runs nothing', async () => {
    const agent = await started('agent')
    const run = await agent.run(trialOf({ text: 'a' }, { parameters: { 'tested.share': 7 } }))
    expect(run).toMatchObject({ outcome: 'failed', output: null, spans: [] })
    expect(run.reason).toContain('tested.share')
  })

  test('reads a stream to its end: text as one text, anything else as a list', async () => {
    expect((await (await started('streaming')).run(trialOf({}))).output).toBe('abc')
    expect((await (await started('listing')).run(trialOf({}))).output).toEqual([1, { two: 2 }])
  })

  test('runs in one process after the other, in one that is kept', async () => {
    const agent = await started('counting')
    const runs = [await agent.run(trialOf({})), await agent.run(trialOf({}))]
    const [first, second] = runs.map(({ output }) => output)
    expect(second).toEqual({ ...Object(first), calls: 2 })
    const fresh = await started('counting', { trialsPerProcess: 1 })
    for (let time = 0; time < 2; time++)
      expect((await fresh.run(trialOf({}))).output).toMatchObject({ calls: 1 })
  })

  test('has the environment it is given, and no channel to us', async () => {
    const agent = await started('seeing', { environment: { TESTED_WORD: 'given' } })
    expect((await agent.run(trialOf({}))).output).toEqual({
      send: 'undefined',
      argv: [],
      word: 'given',
      cwd: process.cwd(),
    })
  })

  test('gives what it writes as a log that a terminal can show, never as a result', async () => {
    const run = await (await started('writing')).run(trialOf({}))
    expect(run.output).toBe('quiet')
    expect(run.log.endsWith('the end\n')).toBe(true)
    expect(run.log.length).toBeLessThanOrEqual(4_096)
    expect(run.log).not.toContain('\u001b')
  })
})

describe('an agent that', () => {
  test.each([
    ['throwing', 'failed', /^TypeError: no such ticket$/],
    ['rejecting', 'failed', /^only words$/],
    ['exiting', 'crashed', /exit code 3/],
    ['killing', 'crashed', /SIGSEGV/],
    ['rejectingAside', 'crashed', /rejection that nothing handled.*nobody waits for it/],
  ] as const)('is %s costs its trial only', async (name, outcome, reason) => {
    const agent = await started(name)
    for (let time = 0; time < 2; time++) {
      const run = await agent.run(trialOf({}))
      expect(run).toMatchObject({ outcome, output: null })
      expect(run.reason).toMatch(reason)
    }
  })

  test.each(['looping', 'waiting'])('is %s is ended at its time', async (name) => {
    const run = await (await started(name, { timeoutMs: 300 })).run(trialOf({}))
    expect(run).toMatchObject({ outcome: 'timed out', output: null })
    expect(run.reason).toContain('0.3 seconds')
  })

  test.each(['hoarding', 'hoardingBytes'])('is %s is out of memory', async (name) => {
    const run = await (await started(name, { memoryMb: 64 })).run(trialOf({}))
    expect(run.outcome).toBe('out of memory')
  })

  test('gives what JSON cannot carry gives bad output, with what and where', async () => {
    const agent = await started('answering')
    const reasons = {
      bigint: '/deep/0 of the output is a bigint',
      function: '/tools of the output is a function',
      symbol: 'the output is a symbol',
      nan: '/score of the output is NaN',
      map: '/found of the output is a Map',
      set: 'the output is a Set',
      bytes: '/image of the output is bytes',
      error: 'the output is an Error',
      circular: '/self of the output contains itself',
      promise: '/later of the output is a promise',
      response: 'the output is a Response',
    }
    for (const [kind, reason] of Object.entries(reasons)) {
      const run = await agent.run(trialOf({ kind }))
      expect(run).toMatchObject({ outcome: 'bad output', output: null })
      expect(run.reason).toContain(reason)
    }
  })

  test('gives what JSON can carry gives just that', async () => {
    const agent = await started('answeringWell')
    const outputOf = async (kind: string) => (await agent.run(trialOf({ kind }))).output
    expect(await outputOf('nothing')).toBe(null)
    expect(await outputOf('date')).toEqual({ at: '1970-01-01T00:00:00.000Z' })
    expect(await outputOf('twice')).toEqual([1, null])
    expect(JSON.stringify(await outputOf('missing'))).toBe('{"b":1}')
    expect(JSON.stringify(await outputOf('odd'))).toBe('{"__proto__":{"x":1},"\\ud800":2}')
  })

  test('leaves processes behind does not: they end with its own', async () => {
    const agent = await started('leaving')
    const { output } = await agent.run(trialOf({ how: 'leave' }))
    const left = Number(output)
    expect(isAlive(left)).toBe(true)
    await agent.close()
    await expect.poll(() => isAlive(left)).toBe(false)
    const hanging = await started('leaving', { timeoutMs: 1_000 })
    const run = await hanging.run(trialOf({ how: 'hang' }))
    const [, pid] = /child (\d+)/.exec(run.log) ?? []
    expect(run.outcome).toBe('timed out')
    await expect.poll(() => isAlive(Number(pid))).toBe(false)
  })

  test('is stopped ends at once, and trials that wait do not begin', async () => {
    const agent = await started('waiting')
    const stopping = new AbortController()
    const runs = [agent.run(trialOf({}), stopping.signal), agent.run(trialOf({}), stopping.signal)]
    await pause(1_000)
    stopping.abort()
    for (const run of await Promise.all(runs)) expect(run.outcome).toBe('interrupted')
  })
})

test('an agent in an endless loop ends with a parent that was killed', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'trace2-orphan-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const mark = join(directory, 'pid')
  const task = trialOf({ path: mark })
  const built = new URL('../../../dist/index.js', import.meta.url).href
  const text = `const { startAgent } = await import(${JSON.stringify(built)})
    const agent = await startAgent(${JSON.stringify({ kind: 'module', file, export: 'loopingIn' })})
    await agent.run(${JSON.stringify(task)})`
  const parent = spawn(process.execPath, ['--input-type=module', '-e', text], { stdio: 'ignore' })
  const pidText = () => readFile(mark, 'utf8').catch(() => '')
  await expect.poll(pidText).toMatch(/^\d+$/)
  const pid = Number(await pidText())
  expect(isAlive(pid)).toBe(true)
  parent.kill('SIGKILL')
  await expect.poll(() => isAlive(pid)).toBe(false)
})

describe('a module that', () => {
  test('exports no such function says which it has', async () => {
    const agent = await started('nobody')
    await expect(agent.run(trialOf({}))).rejects.toMatchObject({
      code: 'T2_AGENT_LOAD',
      message: expect.stringMatching(/no function nobody.*throwing/),
    })
  })

  test('is not there is refused at once', async () => {
    const missing = { kind: 'module', file: 'nowhere.ts', export: 'default' } as const
    await expect(startAgent(missing)).rejects.toMatchObject({ code: 'T2_AGENT_LOAD' })
  })

  test.each([
    ['timeoutMs', 0],
    ['timeoutMs', Number.NaN],
    ['memoryMb', 1],
    ['parallel', 0],
    ['parallel', 1.5],
  ])('has a limit that is none is refused: %s %s', async (name, value) => {
    await expect(started('agent', { [name]: value })).rejects.toMatchObject({
      code: 'T2_AGENT_LIMITS',
      message: expect.stringContaining(name),
    })
  })
})

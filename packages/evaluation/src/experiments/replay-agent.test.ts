import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openStore } from '@trace2/store'
import { expect, onTestFinished, test } from 'vitest'
import { startAgent } from '../agents/index.ts'
import type { TrialAgent } from '../agents/trial-agent.ts'
import { sampleCase } from '../testing/experiments.ts'
import { liveAgent } from './live-agent.ts'
import { replayAgent } from './replay-agent.ts'

const file = fileURLToPath(new URL('../testing/replayed-agent.ts', import.meta.url))

/** A store with a run of the agent on each text, and the agent to replay them with. */
async function workplace(...texts: readonly string[]) {
  const directory = mkdtempSync(join(tmpdir(), 'trace2-replay-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const log = join(directory, 'log')
  const world = join(directory, 'world')
  const store = await openStore(':memory:')
  onTestFinished(() => store.close())
  const runner = await startAgent(
    { kind: 'module', file, export: 'agent' },
    { parallel: 1, environment: { REPLAYED_LOG: log, REPLAYED_WORLD: world } },
  )
  onTestFinished(() => runner.close())
  const live = liveAgent(runner)
  const cases = []
  for (const [at, text] of texts.entries()) {
    const traceId = String(at + 1)
      .repeat(32)
      .slice(0, 32)
    const of = sampleCase(at, { inputs: { text }, id: `c${at}`, run: traceId })
    const { spans, output } = await ask(live, of, traceId, {})
    await store.writeSpans(spans)
    cases.push({ of, output })
  }
  const executed = () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [])
  rmSync(log, { force: true })
  return { agent: replayAgent(runner, store), cases, executed, world }
}

function ask(
  agent: TrialAgent,
  of: ReturnType<typeof sampleCase>,
  traceId: string,
  values: { readonly [name: string]: string },
) {
  const changed = ['replayed.word']
  return agent.run({ experiment: 'e', trial: `t-${traceId}`, traceId, case: of, values, changed })
}

const trace = 'f'.repeat(32)

test('what depends on the change runs anew on both sides, and nothing with an effect', async () => {
  const { agent, cases, executed } = await workplace('hello')
  const [first] = cases
  if (!first) throw new Error('no case')
  const base = await ask(agent, first.of, trace, { 'replayed.word': 'fine' })
  expect(base).toMatchObject({ outcome: 'done', output: first.output })
  expect(base.replay).toMatchObject({ executed: { say: 1 }, served: { look: 1, send: 1 } })
  const other = await ask(agent, first.of, trace, { 'replayed.word': 'well' })
  expect(other).toMatchObject({ outcome: 'done', output: { said: 'well 5', sent: 'hello' } })
  expect(other.replay).toMatchObject({ executed: { say: 1 }, served: { look: 1, send: 1 } })
  expect(other.used).toContain('replayed.word')
  expect(executed()).toEqual(['say 5', 'say 5'])
}, 60_000)

test('an effect with other arguments ends the trial, with what was asked', async () => {
  const { agent, cases, executed } = await workplace('loud')
  const [first] = cases
  if (!first) throw new Error('no case')
  const told = await ask(agent, first.of, trace, { 'replayed.word': 'well' })
  expect(told.outcome).toBe('diverged')
  expect(told.reason).toContain('send was not executed')
  expect(executed().some((line) => line.startsWith('send'))).toBe(false)
}, 60_000)

test('a case that gives something else without any change compares nothing', async () => {
  const { agent, cases, world } = await workplace('moody')
  writeFileSync(world, '')
  const [first] = cases
  if (!first) throw new Error('no case')
  const told = await ask(agent, first.of, trace, { 'replayed.word': 'well' })
  expect(told.outcome).toBe('not reproducible')
  expect(told.reason).toContain('mood')
}, 60_000)

test('a case of no stored run runs, but for what has effects', async () => {
  const { agent, executed } = await workplace()
  const of = sampleCase(1, { inputs: { text: 'from a file' } })
  const told = await ask(agent, of, trace, {})
  expect(told.outcome).toBe('diverged')
  expect(executed().some((line) => line.startsWith('send'))).toBe(false)
}, 60_000)

import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { openStore } from '@trace2/store'
import { expect, onTestFinished, test } from 'vitest'
import {
  qualityOf,
  sampleAgent,
  sampleCase,
  sampleDataset,
  scorerOf,
} from '../testing/experiments.ts'
import { baseCandidate, candidateOf } from './candidate.ts'
import { Claims } from './claims.ts'
import { evaluate } from './evaluate.ts'
import { verdictOn } from './verdict.ts'

const built = fileURLToPath(new URL('../../dist/experiments/claims.js', import.meta.url))

test('a claim is had by one at a time, in whatever order they come', async () => {
  const name = randomUUID()
  let holders = 0
  const most: number[] = []
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      const claims = new Claims({})
      await claims.take(name)
      most.push(++holders)
      await new Promise((resolve) => setImmediate(resolve))
      holders--
      await claims.release()
    }),
  )
  expect(most).toEqual(Array(8).fill(1))
})

test('the claim of a process that is killed is free', async () => {
  const name = randomUUID()
  const child = spawn(process.execPath, [
    '--input-type=module',
    '--eval',
    `import { Claims } from ${JSON.stringify(built)}
     await new Claims({}).take(${JSON.stringify(name)})
     console.log('taken')
     setInterval(() => {}, 1000)`,
  ])
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  let waits = 0
  const mine = new Claims({
    onWait: () => {
      waits++
      child.kill('SIGKILL')
    },
  })
  await mine.take(name)
  expect(waits).toBe(1)
  await mine.release()
}, 30_000)

test('waiting can be given up', async () => {
  const name = randomUUID()
  const first = new Claims({})
  await first.take(name)
  const controller = new AbortController()
  const second = new Claims({ signal: controller.signal, onWait: () => controller.abort() })
  await expect(second.take(name)).rejects.toMatchObject({ code: 'T2_EXPERIMENT_RUNNING' })
  await first.release()
})

const base = baseCandidate({ quality: 0.4 })
const better = candidateOf('better', { quality: 0.8 })

test.each(['evaluate', 'verdict'] as const)(
  'of two equal calls of %s the second pays for nothing',
  async (what) => {
    const split = what === 'verdict' ? 'holdout' : 'validation'
    const cases = Array.from({ length: 12 }, (_, at) => sampleCase(at, { split }))
    const dataset = sampleDataset(cases, randomUUID())
    const store = await openStore(':memory:')
    onTestFinished(() => store.close())
    const agent = sampleAgent((request) => ({ output: qualityOf(request) }))
    let waits = 0
    const onWait = () => waits++
    const common = { store, dataset, base, agent, scorer: scorerOf(), onWait }
    const go = () =>
      what === 'verdict'
        ? verdictOn({ ...common, candidate: better })
        : evaluate({ ...common, candidates: [better] })
    const results = await Promise.all([go(), go()])
    const trials = agent.asked.map(({ trial }) => trial)
    expect(new Set(trials).size).toBe(trials.length)
    expect(waits).toBe(1)
    expect(new Set(results.map(({ spent }) => spent.trials))).toEqual(new Set([trials.length]))
  },
)

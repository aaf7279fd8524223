import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openStore, type Trial } from '@trace2/store'
import { expect, test } from 'vitest'
import { command, temporaryDirectory } from '../testing/command.ts'
import { recordedRequest } from '../testing/sample-agent.ts'

const experiment = {
  id: 'e-12345678',
  createdAt: '2026-11-01T00:00:00.000Z',
  endedAt: null,
  status: 'done',
  stoppedBecause: null,
  dataset: 'tickets',
  datasetVersion: 1,
  split: 'validation',
  cases: ['c'],
  candidates: [{ id: 'base', name: 'base', values: {}, proposals: [] }],
  repeats: 1,
  mode: 'live',
  agent: null,
  agentHash: null,
  guides: [],
  guidesHash: '',
  seed: 1,
} as const

const trial = (traceId: string): Trial => ({
  id: 't-1',
  experiment: experiment.id,
  candidate: 'base',
  case: 'c',
  repeat: 0,
  key: 'k',
  outcome: 'done',
  reason: null,
  traceId,
  output: null,
  scores: [],
  score: null,
  latencyMs: 1,
  inputTokens: 0,
  outputTokens: 0,
  costUsd: null,
  replay: null,
  used: null,
  cached: false,
  startedAt: experiment.createdAt,
  endedAt: experiment.createdAt,
})

test('runs of trials are listed and counted only where they are asked for', async () => {
  const cwd = temporaryDirectory()
  const trace2 = (...args: string[]) => command(args, { cwd })
  const { body } = await recordedRequest(['a refund', 'something else'], 'json')
  writeFileSync(join(cwd, 'runs.jsonl'), body)
  await trace2('import', 'runs.jsonl')
  const store = await openStore(join(cwd, 'trace2.duckdb'))
  const [tried, production] = await store.runs()
  await store.putExperiment(experiment)
  await store.putTrials([trial(tried?.traceId ?? '')])
  await store.close()
  const ids = async (...args: string[]) =>
    JSON.parse((await trace2('runs', '--json', ...args)).out).map(({ id }: { id: string }) => id)
  expect(await ids()).toEqual([production?.id])
  expect(await ids('--experiment', 'any')).toEqual([tried?.id])
  expect(await ids('--experiment', 'e-123')).toEqual([tried?.id])
  expect((await trace2('runs', '--experiment', 'any', '--where', 'false')).err).toContain(
    'No runs match.',
  )
  expect((await trace2('runs', '--experiment', 'e-9')).err).toContain('T2_EXPERIMENT_UNKNOWN')
  const { content } = JSON.parse((await trace2('status', '--json')).out)
  expect(content.runs).toMatchObject({ count: 1, last: production?.startedAt })
  expect(content.feedback.runs).toBe(production?.feedback === 0 ? 0 : 1)
})

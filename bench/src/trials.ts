import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  baseCandidate,
  candidateOf,
  evaluate,
  guideScorer,
  liveAgent,
  startAgent,
  type TrialTask,
} from '@trace2/evaluation'
import { composeCases, draftOf } from '@trace2/evaluation/datasets'
import { guideOf } from '@trace2/evaluation/guides'
import { openStore } from '@trace2/store'
import { agentMs } from './trials-agent.ts'

const trials = 1_000
const parallel = 4
const file = fileURLToPath(new URL('./trials-agent.js', import.meta.url))

/** What trials take beside the agent itself: run alone, and as an experiment that is stored and scored. */
export async function trialsOverhead(): Promise<void> {
  await runnerOverhead()
  await experimentOverhead()
}

async function runnerOverhead(): Promise<void> {
  const agent = await startAgent({ kind: 'module', file, export: 'agent' }, { parallel })
  try {
    const first = performance.now()
    await Promise.all(Array.from({ length: parallel }, (_, index) => agent.run(trial(index))))
    const starting = performance.now() - first
    const started = performance.now()
    const runs = await Promise.all(
      Array.from({ length: trials }, (_, index) => agent.run(trial(index))),
    )
    const elapsed = performance.now() - started
    const done = runs.filter(
      ({ outcome, spans }) => outcome === 'done' && spans.length === 3,
    ).length
    const latency = runs.reduce((sum, { latencyMs }) => sum + latencyMs, 0) / trials
    const perTrial = (elapsed * parallel) / trials
    console.log(`${trials} trials of an agent that waits ${agentMs} ms, ${parallel} at a time`)
    console.log(`done, with all their spans      ${done}`)
    console.log(`whole                           ${(elapsed / 1_000).toFixed(1)} s`)
    console.log(`in the agent, per trial         ${latency.toFixed(1)} ms`)
    console.log(`beside the agent, per trial     ${(perTrial - latency).toFixed(1)} ms`)
    console.log(`over ${agentMs} ms, per trial            ${(perTrial - agentMs).toFixed(1)} ms`)
    console.log(`first trials of ${parallel} processes      ${(starting / 1_000).toFixed(1)} s`)
  } finally {
    await agent.close()
  }
}

/** As {@link runnerOverhead}, with datasets, rows, spans and scores in a database, as `trace2 evaluate --no-replay` does. */
async function experimentOverhead(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'trace2-bench-trials-'))
  const store = await openStore(join(directory, 'trials.duckdb'))
  const runner = await startAgent({ kind: 'module', file, export: 'agent' }, { parallel })
  try {
    const drafts = Array.from({ length: trials / 2 }, (_, index) =>
      draftOf({ text: `a question, the ${index}th` }, { split: 'validation', group: `${index}` }),
    )
    const { cases } = composeCases(drafts)
    await store.addDataset({ name: 'questions', origin: 'this bench', cases })
    const dataset = await store.dataset('questions')
    const started = performance.now()
    const { spent } = await evaluate({
      store,
      dataset,
      base: baseCandidate({ 'bench.prompt': 'Answer kindly.' }),
      candidates: [candidateOf('shorter', { 'bench.prompt': 'Answer in a word.' })],
      agent: liveAgent(runner),
      scorer: guideScorer([guideOf({ kind: 'exact', at: 'done', expected: true })], {
        llm: noModel,
      }),
      parallel,
    })
    const perTrial = ((performance.now() - started) * parallel) / spent.trials
    console.log(`as an experiment: trials         ${spent.trials}`)
    console.log(`over ${agentMs} ms, per trial            ${(perTrial - agentMs).toFixed(1)} ms`)
  } finally {
    await runner.close()
    await store.close()
    await rm(directory, { recursive: true })
  }
}

function trial(index: number): TrialTask {
  return {
    id: `bench-${index}`,
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    inputs: { text: `a question of some words, the ${index}th` },
    parameters: { 'bench.prompt': `Answer in ${index} words.` },
  }
}

function noModel(): never {
  throw new TypeError('No guide of this bench asks a model.')
}

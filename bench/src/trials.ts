import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { startAgent, type TrialTask } from '@trace2/evaluation'
import { agentMs } from './trials-agent.ts'

const trials = 1_000
const parallel = 4

/** What running an agent in processes of its own takes per trial, beside the agent itself. */
export async function trialsOverhead(): Promise<void> {
  const file = fileURLToPath(new URL('./trials-agent.js', import.meta.url))
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

function trial(index: number): TrialTask {
  return {
    id: `bench-${index}`,
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    inputs: { text: `a question of some words, the ${index}th` },
    parameters: { 'bench.prompt': `Answer in ${index} words.` },
  }
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCollector } from '@trace2/collector'
import { start } from '@trace2/instrumentation/node'
import { optimize, type StepResult, type Strategy } from '@trace2/optimizer'
import { createAgent } from '../agent/agent.ts'
import { connectModel, type ModelEnvironment } from '../agent/model.ts'
import { classifyPrompt, refundLimit, replyPrompt } from '../agent/parameters.ts'
import { evaluate, type Scores, scoresOf } from '../evaluation/evaluate.ts'
import { giveFeedback } from '../loop/feedback.ts'
import { heldOutTickets } from '../tickets/held-out.ts'
import { trainTickets } from '../tickets/train.ts'

/** What one step of an optimizer came to, from the same runs as the others'. */
export interface Compared {
  readonly name: string
  readonly calls: number
  readonly inputTokens: number
  readonly outputTokens: number
  /** Scores with the proposed values, on tickets that no optimizer saw. */
  readonly heldOut: Scores
}

export interface Comparison {
  /** Scores with the values in the code, on the same tickets. */
  readonly before: Scores
  readonly steps: readonly Compared[]
  /** Whether the figures come from the simulated model. */
  readonly simulated: boolean
}

/**
 * Lets each optimizer take one step from the same stored runs and feedback, and runs the agent with what it proposes on
 * held-out tickets.
 */
export async function compareOptimizers(
  strategies: Readonly<Record<string, Strategy>>,
  environment: ModelEnvironment = process.env,
): Promise<Comparison> {
  const directory = await mkdtemp(join(tmpdir(), 'trace2-compare-'))
  const model = await connectModel(environment, 1)
  const collector = await startCollector({ db: join(directory, 'trace2.duckdb'), port: 0 })
  const telemetry = start({ serviceName: 'support-triage', endpoint: collector.url })
  try {
    const agent = createAgent(model)
    const train = await evaluate(agent, trainTickets)
    const before = scoresOf(await evaluate(agent, heldOutTickets))
    await telemetry.flush()
    await giveFeedback(collector.store, train)
    await telemetry.flush()
    const ids = train.map(({ traceId }) => traceId)
    const { transport } = model
    const options = { runs: { ids }, transport, model: model.model }
    const proposed: (readonly [string, StepResult])[] = []
    for (const [name, strategy] of Object.entries(strategies)) {
      proposed.push([name, await optimize(collector.store, { ...options, strategy })])
    }
    // Only now: once a run has used another value, that one would be the present one for the next step.
    const steps: Compared[] = []
    for (const [name, { proposals, spent }] of proposed) {
      useValues(new Map(proposals.map(({ parameter, value }) => [parameter, value])))
      const { calls, inputTokens, outputTokens } = spent
      const heldOut = scoresOf(await evaluate(agent, heldOutTickets))
      steps.push({ name, calls, inputTokens, outputTokens, heldOut })
    }
    return { before, steps, simulated: model.simulated }
  } finally {
    useValues(new Map())
    await telemetry.shutdown()
    await collector.close()
    await model.close()
    await rm(directory, { recursive: true })
  }
}

/** Gives the parameters these values, or else those in the code. */
function useValues(values: ReadonlyMap<string, unknown>): void {
  for (const text of [classifyPrompt, replyPrompt]) {
    text.update(String(values.get(text.name) ?? text.defaultValue))
  }
  refundLimit.update(Number(values.get(refundLimit.name) ?? refundLimit.defaultValue))
}

import { randomBytes } from 'node:crypto'
import type { AgentRunner } from '../agents/agent.ts'
import { parametersUsed, usageOf } from '../agents/index.ts'
import type { TrialAgent, TrialAnswer } from './trial-agent.ts'

/** An agent that runs wholly in each trial. */
export function liveAgent(runner: AgentRunner): TrialAgent {
  return {
    mode: 'live',
    description: runner.description,
    sourceHash: () => runner.sourceHash(),
    async run({ trial, experiment, traceId, case: { inputs }, values }, signal) {
      const run = await runner.run(
        { id: trial, experiment, traceId, spanId: newSpanId(), inputs, parameters: values },
        signal,
      )
      return { ...run, ...toldBySpans(run), replay: null }
    },
    close: () => runner.close(),
  }
}

/** What the spans of a trial say of it. */
export function toldBySpans({
  spans,
}: Pick<TrialAnswer, 'spans'>): Pick<
  TrialAnswer,
  'used' | 'inputTokens' | 'outputTokens' | 'costUsd'
> {
  return {
    ...usageOf(spans),
    used: spans.length === 0 ? null : [...parametersUsed(spans).keys()].sort(),
  }
}

export function newSpanId(): string {
  return randomBytes(8).toString('hex')
}

import { randomBytes } from 'node:crypto'
import { ATTR_REPLAY } from '@trace2/core'
import {
  type AgentRunner,
  parametersUsed,
  type TrialAgent,
  type TrialAnswer,
  usageOf,
} from '../agents/index.ts'
import { costOf, type PriceTable } from '../llm/index.ts'

/** Makes an agent that runs completely in each trial. `prices` replace those of the list. */
export function liveAgent(runner: AgentRunner, prices?: PriceTable): TrialAgent {
  return {
    mode: 'live',
    description: runner.description,
    sourceHash: () => runner.sourceHash(),
    async run({ trial, experiment, traceId, case: { inputs }, values, answers }, signal) {
      const run = await runner.run(
        {
          id: trial,
          experiment,
          traceId,
          spanId: newSpanId(),
          inputs,
          parameters: values,
          ...(answers === undefined ? {} : { answers }),
        },
        signal,
      )
      return { ...run, ...toldBySpans(run, prices), replay: null }
    },
    close: () => runner.close(),
  }
}

/** What the spans of a trial say of it. The price of a model is known where a span says it, or from the price list. */
export function toldBySpans(
  { spans }: Pick<TrialAnswer, 'spans'>,
  prices?: PriceTable,
): Pick<TrialAnswer, 'used' | 'inputTokens' | 'outputTokens' | 'costUsd' | 'unpriced'> {
  // What the record answered was paid for when it was recorded.
  const paid = spans.filter(({ attributes }) => attributes.get(ATTR_REPLAY) !== 'served')
  const { inputTokens, outputTokens, models } = usageOf(paid)
  let costUsd: number | null = models.length === 0 ? null : 0
  const unpriced: string[] = []
  for (const usage of models) {
    const model = usage.model ?? 'a model without a name'
    const cost = usage.costUsd ?? costOf(model, usage.inputTokens, usage.outputTokens, prices)
    if (cost === null) unpriced.push(model)
    costUsd = cost === null || costUsd === null ? null : costUsd + cost
  }
  return {
    inputTokens,
    outputTokens,
    costUsd,
    unpriced,
    used: spans.length === 0 ? null : [...parametersUsed(spans).keys()].sort(),
  }
}

export function newSpanId(): string {
  return randomBytes(8).toString('hex')
}

import type { SpanRecord } from '@trace2/store/otlp'
import { canonicalRows } from '@trace2/store/reading'

/** What the model calls of a run took. */
export interface Usage {
  /** Number of model calls. */
  readonly calls: number
  /** Tokens of all requests. */
  readonly inputTokens: number
  /** Tokens of all answers. */
  readonly outputTokens: number
  /** Cost in US dollars, as far as spans tell it; `null` if none does. */
  readonly costUsd: number | null
  /** The same for each model. The model that was used first is first. */
  readonly models: readonly ModelUsage[]
}

/** What the calls of one model took. */
export interface ModelUsage extends Omit<Usage, 'models'> {
  /** Name of the model; `null` if the spans do not name it. */
  readonly model: string | null
}

/** Sums what spans say of their model calls, in any convention that the collector reads. */
export function usageOf(spans: readonly SpanRecord[]): Usage {
  const byModel = new Map<string | null, Omit<ModelUsage, 'model'>>()
  for (const { span } of spans.map((each) => canonicalRows(each))) {
    const { model, inputTokens, outputTokens, costUsd } = span
    if (inputTokens === null && outputTokens === null && costUsd === null) continue
    const one = {
      calls: 1,
      inputTokens: inputTokens ?? 0,
      outputTokens: outputTokens ?? 0,
      costUsd,
    }
    byModel.set(model, sum(byModel.get(model) ?? none, one))
  }
  const models = [...byModel].map(([model, usage]) => ({ model, ...usage }))
  return { ...models.reduce(sum, none), models }
}

const none = { calls: 0, inputTokens: 0, outputTokens: 0, costUsd: null }

function sum(a: Omit<ModelUsage, 'model'>, b: Omit<ModelUsage, 'model'>) {
  return {
    calls: a.calls + b.calls,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    costUsd: a.costUsd === null ? b.costUsd : a.costUsd + (b.costUsd ?? 0),
  }
}

import type { LlmCall, Proposal, Store } from '@trace2/collector/store'
import { parameterVersion, valueHash } from '@trace2/instrumentation/semconv'
import type { Pass } from '../batch/index.ts'
import type { Suggestion } from '../optimizers/index.ts'
import type { CurrentParameter } from '../proposals/index.ts'
import { marksOf, nearlyEqual } from '../values/index.ts'

/** Notes on a proposal which earlier one says nearly the same. */
export async function markAlike(store: Store, proposals: readonly Proposal[]): Promise<Proposal[]> {
  const marked: Proposal[] = []
  for (const proposal of proposals) {
    const earlier = await store.proposals({ parameter: proposal.parameter })
    const like = earlier.find(
      ({ id, value }) => id !== proposal.id && nearlyEqual(value, proposal.value),
    )
    marked.push(
      like ? { ...proposal, note: `Nearly the same as ${like.id} (${like.status}).` } : proposal,
    )
  }
  return marked
}

/** One proposal per changed value. Their ids depend on what they say and rest on, not on when they were made. */
export function proposalsOf(
  { values, reasoning, calls }: Suggestion,
  variables: readonly CurrentParameter[],
  passes: readonly Pass[],
  optimizer: string,
  model: string,
): Proposal[] {
  const llmCalls = calls.map(({ id }) => id)
  const sum = (of: (call: LlmCall) => number) => calls.reduce((total, call) => total + of(call), 0)
  const costUsd = calls.some((call) => call.costUsd === null)
    ? null
    : sum((call) => call.costUsd ?? 0)
  const changes = variables.flatMap((variable) => {
    const value = values.get(variable.name)
    if (value === undefined) return []
    const evidence = passes.flatMap(({ graph, reached }) =>
      reached
        .filter(({ parameter }) => parameter.name === variable.name)
        .map(({ feedback }) => ({ run: graph.run, feedback: feedback.map(({ id }) => id) })),
    )
    return { variable, value, runs: [...new Set(evidence.map(({ run }) => run))], evidence }
  })
  const step = `s-${valueHash([optimizer, llmCalls, changes.map(({ variable, value, runs }) => [variable.name, variable.version, value, runs])]).slice(0, 8)}`
  return changes.map(({ variable, value, runs, evidence }) => ({
    id: `p-${valueHash([variable.name, variable.version, value, optimizer, runs]).slice(0, 8)}`,
    step,
    parameter: variable.name,
    baseVersion: variable.version,
    baseValue: variable.value,
    version: parameterVersion(value),
    value,
    optimizer,
    model,
    runs,
    feedback: [...new Set(evidence.flatMap(({ feedback }) => feedback))],
    reasoning,
    llmCalls,
    inputTokens: sum((call) => call.inputTokens),
    outputTokens: sum((call) => call.outputTokens),
    costUsd,
    status: 'open',
    note: '',
    marks: marksOf(variable, value),
    createdAt: new Date().toISOString(),
    decidedAt: null,
  }))
}

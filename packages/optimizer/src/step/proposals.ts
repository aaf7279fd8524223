import { parameterVersion, valueHash } from '@trace2/core'
import type { LeftOut, LlmCall, Proposal, Store } from '@trace2/store'
import type { Pass } from '../batch/index.ts'
import type { Suggestion } from '../optimizers/index.ts'
import type { Seen } from '../prompt/index.ts'
import { baseOf, type CurrentParameter } from '../proposals/index.ts'
import { marksOf, nearlyEqual } from '../values/index.ts'

/** Without those that propose for a parameter what another one proposes: several suggestions can come to the same. */
export function distinct(proposals: readonly Proposal[]): readonly Proposal[] {
  const known = new Set<string>()
  return proposals.filter(({ parameter, version }) => {
    const key = `${version} ${parameter}`
    return !known.has(key) && known.add(key)
  })
}

/** Notes on a proposal which earlier one, of this step too, says nearly the same. */
export async function markAlike(store: Store, proposals: readonly Proposal[]): Promise<Proposal[]> {
  const marked: Proposal[] = []
  for (const proposal of proposals) {
    const stored = await store.proposals({ parameter: proposal.parameter })
    const own = marked.filter(({ parameter }) => parameter === proposal.parameter)
    const like = [...stored, ...own].find(
      ({ id, value }) => id !== proposal.id && nearlyEqual(value, proposal.value),
    )
    marked.push(
      like ? { ...proposal, note: `Nearly the same as ${like.id} (${like.status}).` } : proposal,
    )
  }
  return marked
}

/** What a suggestion was made from. */
export interface Evidence {
  readonly passes: readonly Pass[]
  /** The runs and feedback that the model saw. */
  readonly seen: Seen
  readonly leftOut: LeftOut
}

/** One proposal per changed value, resting on what the model saw of the feedback that reaches it. Their ids depend on what they say and rest on, not on when they were made. */
export function proposalsOf(
  { values, reasoning, calls }: Suggestion,
  variables: readonly CurrentParameter[],
  { passes, seen, leftOut }: Evidence,
  optimizer: string,
  model: string,
): Proposal[] {
  const llmCalls = calls.map(({ id }) => id)
  const sum = (of: (call: LlmCall) => number) => calls.reduce((total, call) => total + of(call), 0)
  const costUsd = calls.some((call) => call.costUsd === null)
    ? null
    : sum((call) => call.costUsd ?? 0)
  const [seenRuns, seenFeedback] = [new Set(seen.runs), new Set(seen.feedback)]
  const changes = variables.flatMap((variable) => {
    const value = values.get(variable.name)
    if (value === undefined) return []
    const evidence = passes
      .filter(({ graph }) => seenRuns.has(graph.run))
      .flatMap(({ graph, reached }) =>
        reached
          .filter(({ parameter }) => parameter.name === variable.name)
          .map(({ feedback }) => ({
            run: graph.run,
            feedback: feedback.map(({ id }) => id).filter((id) => seenFeedback.has(id)),
          })),
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
    leftOut,
    base: baseOf(variable),
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

import type { Json } from '@trace2/core'
import type { RecordedRun, ReplayPolicies, ReplayReport } from '@trace2/instrumentation/replay'
import type { Store } from '@trace2/store'
import {
  type AgentRunner,
  emptyAnswer,
  type TrialAgent,
  type TrialAnswer,
  type TrialRequest,
  type TrialRun,
} from '../agents/index.ts'
import { costOf, type PriceTable } from '../llm/index.ts'
import {
  askedAnew,
  nothingRecorded,
  recordedRun,
  replayCounts,
  reproduction,
} from '../replay/index.ts'
import { newSpanId, toldBySpans } from './live-agent.ts'

/** A case as the store has its run. */
interface Recorded {
  readonly run: RecordedRun
  /** Why the case says nothing of a change; `undefined` where it does. */
  readonly fault: string | undefined
}

/** Options of {@link replayAgent}. */
export interface ReplayOptions {
  /** What a replay does with the calls of each operator. Default: that of the operator. */
  readonly policies?: ReplayPolicies
  /** Prices that replace the list prices. */
  readonly prices?: PriceTable
}

/**
 * Makes an agent whose trials replay the stored run of their case. A call that does not depend on the change gets its
 * recorded answer. A call that depends on it runs, for the base and for each candidate.
 *
 * Before the first trial of a case, its run is replayed without any change, from the record alone. If the output
 * differs from the recorded one, the case is not reproducible: its trials end without a score. In a case without a
 * stored run, all calls run except those with effects.
 */
export function replayAgent(
  runner: AgentRunner,
  store: Store,
  { policies = {}, prices }: ReplayOptions = {},
): TrialAgent {
  const records = new Map<string, Promise<Recorded>>()
  const recordOf = (request: TrialRequest, run: string, signal: AbortSignal | undefined) => {
    const known = records.get(run) ?? readRecord(runner, store, request, run, policies, signal)
    records.set(run, known)
    return known
  }
  return {
    mode: 'replay',
    description: runner.description,
    sourceHash: () => runner.sourceHash(),
    async run(request, signal) {
      const { run } = request.case
      const recorded = run === null ? undefined : await recordOf(request, run, signal)
      if (recorded?.fault !== undefined) return emptyAnswer('not reproducible', recorded.fault)
      const record = askedAnew(recorded?.run ?? nothingRecorded, request.changed)
      const { trial, experiment, traceId, case: of, values, answers } = request
      const answer = await runner.run(
        {
          id: trial,
          experiment,
          traceId,
          spanId: newSpanId(),
          inputs: of.inputs,
          parameters: values,
          replay: { run: record, policies },
          ...(answers === undefined ? {} : { answers }),
        },
        signal,
      )
      return answerOf(answer, prices)
    },
    close: () => runner.close(),
  }
}

async function readRecord(
  runner: AgentRunner,
  store: Store,
  { trial, case: of }: TrialRequest,
  run: string,
  policies: ReplayPolicies,
  signal: AbortSignal | undefined,
): Promise<Recorded> {
  const recorded = await recordedRun(store, run, {
    priceOf: ({ model, inputTokens, outputTokens }) => costOf(model, inputTokens, outputTokens),
  })
  const check = await runner.run(
    {
      id: `${trial}-check`,
      traceId: `${'0'.repeat(31)}1`,
      spanId: newSpanId(),
      inputs: of.inputs,
      parameters: await parametersOf(store, run),
      replay: { run: recorded, policies: answeredOnly(recorded, policies) },
    },
    signal,
  )
  return { run: recorded, fault: faultOf(recorded, check) }
}

/** Nothing runs to find out whether a case is reproducible: what the record cannot answer leaves that open. */
function answeredOnly(recorded: RecordedRun, policies: ReplayPolicies): ReplayPolicies {
  const ops = [...new Set(recorded.calls.map(({ op }) => op))]
  return Object.fromEntries(
    ops.map((op) => {
      const policy = Object.hasOwn(policies, op) ? policies[op] : undefined
      const rule = typeof policy === 'object' ? policy : {}
      return [op, { ...rule, use: 'recorded' as const }]
    }),
  )
}

function faultOf(recorded: RecordedRun, { outcome, output, reason, report }: TrialRun) {
  // Only a replay that came to its end without running anything is a no-op.
  if (report === null || ran(report)) return undefined
  if (outcome !== 'done' && outcome !== 'failed') return undefined
  const shown: Json = outcome === 'done' ? output : { error: reason ?? '' }
  const found = reproduction(recorded, shown)
  return found.isReproducible ? undefined : found.reason
}

function ran({ ended, executed }: ReplayReport): boolean {
  return ended !== null || Object.keys(executed).length > 0
}

/** Values of the parameters as the run had them. */
async function parametersOf(store: Store, run: string): Promise<{ readonly [name: string]: Json }> {
  const { nodes } = await store.graph(run)
  return Object.fromEntries(
    nodes.flatMap((node) => (node.kind === 'parameter' ? [[node.name, node.value]] : [])),
  )
}

function answerOf(run: TrialRun, prices: PriceTable | undefined): TrialAnswer {
  const { report } = run
  const told = toldBySpans(run, prices)
  const isAnswered = report !== null && Object.keys(report.executed).length === 0
  return {
    ...run,
    ...told,
    // Where nothing ran, nothing was paid for.
    costUsd: told.costUsd ?? (isAnswered ? 0 : null),
    replay: report === null ? null : replayCounts(report),
  }
}

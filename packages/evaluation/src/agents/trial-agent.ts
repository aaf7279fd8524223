import type { Json } from '@trace2/core'
import type { Case, ReplayCounts, TrialMode, TrialOutcome } from '@trace2/store'
import type { TrialRun } from './agent.ts'
import { emptyRun } from './runs.ts'

/** One trial that an experiment asks for. */
export interface TrialRequest {
  /** Id of the experiment. */
  readonly experiment: string
  /** Id of the trial. */
  readonly trial: string
  /** Id of the trace that the trial's spans belong to. */
  readonly traceId: string
  /** The case to run. */
  readonly case: Case
  /** Values of parameters of this side. */
  readonly values: { readonly [parameter: string]: Json }
  /** Parameters in which any side differs: what depends on them runs anew on every side. */
  readonly changed: readonly string[]
  /** File in which answers of models are kept as they come, where the agent can be given them again. */
  readonly answers?: string
}

/** The result of one trial, with what its model calls used. */
export interface TrialAnswer extends TrialRun {
  /** Input tokens of all model calls. */
  readonly inputTokens: number
  /** Output tokens of all model calls. */
  readonly outputTokens: number
  /** Cost of all model calls, in US dollars; `null` if the price of a model is not known. */
  readonly costUsd: number | null
  /** Names of the models that were asked and whose price is not known. */
  readonly unpriced?: readonly string[]
  /** Names of the parameters that the run used; `null` where it left no spans. */
  readonly used: readonly string[] | null
  /** What the replay did; `null` if the trial was live. */
  readonly replay: ReplayCounts | null
}

/**
 * Runs the trials of an experiment: with a live agent, with a replayed one, or with one recorded model call that is
 * asked again.
 */
export interface TrialAgent {
  /** How the agent runs. */
  readonly mode: TrialMode
  /** The agent in words; `null` if no agent is configured. */
  readonly description: string | null
  /** Hash of all that decides what it does; `null` where that cannot be told. */
  sourceHash(): Promise<string | null>
  /** Runs one trial. It rejects only if no trial can be run at all. */
  run(request: TrialRequest, signal?: AbortSignal): Promise<TrialAnswer>
  /** Ends the agent. */
  close(): Promise<void>
}

/** The answer of a trial that gave nothing. */
export function emptyAnswer(outcome: TrialOutcome, reason: string): TrialAnswer {
  const unpaid = { inputTokens: 0, outputTokens: 0, costUsd: 0 }
  return { ...emptyRun(outcome, reason), ...unpaid, used: null, replay: null }
}

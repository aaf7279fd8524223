import type { Json } from '@trace2/core'
import type { ReplayReport } from '@trace2/instrumentation/replay'
import type { TrialOutcome } from '@trace2/store'
import type { SpanRecord } from '@trace2/store/otlp'
import type { ReplayRequest } from '../replay/index.ts'

/** An agent as something that can be run. */
export type AgentDefinition =
  /** A function that a module exports, run in worker processes. */
  | {
      readonly kind: 'module'
      readonly file: string
      readonly export: string
      /** Working directory of the processes. Default: that of this process. */
      readonly directory?: string
    }
  /** A program in any language: the case on standard input, the output on standard output. */
  | { readonly kind: 'command'; readonly command: readonly string[]; readonly directory?: string }
  /** A server that takes the case by POST. */
  | {
      readonly kind: 'url'
      readonly url: string
      readonly headers?: { readonly [name: string]: string }
      /** Port of 127.0.0.1 to which the server sends its spans. Default: they are not received here. */
      readonly receiverPort?: number
    }

export interface AgentLimits {
  /** Milliseconds that one trial may take. Default 120,000. */
  readonly timeoutMs?: number
  /** MiB that the process of a trial may take. Default 1,024. */
  readonly memoryMb?: number
  /** Variables beside those of this process. */
  readonly environment?: { readonly [name: string]: string }
  /** Trials at the same time. Default 4. */
  readonly parallel?: number
  /** Trials that one process of a module takes before another takes its place. Default: as many as there are. */
  readonly trialsPerProcess?: number
}

/** One trial to be run. */
export interface TrialTask {
  readonly id: string
  /** The experiment that it belongs to, as its spans are marked. */
  readonly experiment?: string
  /** The context that the agent continues: its spans belong to this trace. */
  readonly traceId: string
  readonly spanId: string
  /** What the agent is called with, by role, in order. */
  readonly inputs: { readonly [role: string]: Json }
  /** Values of parameters; all others stay as they are in the code. */
  readonly parameters: { readonly [name: string]: Json }
  /** What a replay of the trial goes by. Only a module can be replayed. */
  readonly replay?: ReplayRequest
  /**
   * File in which answers of models are kept as they come, for the same trial if it is run again. Only the calls of a module
   * can be answered.
   */
  readonly answers?: string
}

export interface TrialRun {
  readonly outcome: TrialOutcome
  /** Why, where it is not `done`. */
  readonly reason: string | null
  readonly output: Json
  readonly latencyMs: number
  /** Spans of the trial as far as they arrived. */
  readonly spans: readonly SpanRecord[]
  /** Why spans of the trial may be missing, or are not of its trace; `null` where nothing says so. */
  readonly incomplete: string | null
  /** Parameters of the task that the agent does not have; `null` where that cannot be seen from here. */
  readonly unclaimed: readonly string[] | null
  /** What the replay did; `null` where the trial was none. */
  readonly report: ReplayReport | null
  /** The end of what the agent wrote beside its output. */
  readonly log: string
}

/** A running agent. It takes trials until it is closed. It rejects only if no trial can run at all. */
export interface AgentRunner extends AsyncDisposable {
  /** The agent in words, as it was configured. */
  readonly description: string
  /** Hash of the agent's source as far as it is known; `null` for one behind an address. */
  sourceHash(): Promise<string | null>
  run(task: TrialTask, signal?: AbortSignal): Promise<TrialRun>
  close(): Promise<void>
}

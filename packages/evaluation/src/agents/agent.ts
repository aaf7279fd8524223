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
      /** Path of the module. */
      readonly file: string
      /** Name of the exported function; `default` for the default export. */
      readonly export: string
      /** Working directory of the processes. Default: that of this process. */
      readonly directory?: string
    }
  /** A program in any language: the case on standard input, the output on standard output. */
  | { readonly kind: 'command'; readonly command: readonly string[]; readonly directory?: string }
  /** A server that takes the case by POST. */
  | {
      readonly kind: 'url'
      /** Address to which the case is posted. */
      readonly url: string
      /** Headers of each request. */
      readonly headers?: { readonly [name: string]: string }
      /** Port of 127.0.0.1 to which the server sends its spans. Default: they are not received here. */
      readonly receiverPort?: number
    }

/** Limits of the trials of an agent, and how they are run. */
export interface AgentLimits {
  /** Longest time of one trial, in milliseconds. Default 120,000. */
  readonly timeoutMs?: number
  /** Most memory of the process of a trial, in MiB. Default 1,024. */
  readonly memoryMb?: number
  /** Environment variables, added to those of this process. */
  readonly environment?: { readonly [name: string]: string }
  /** Number of trials at the same time. Default 4. */
  readonly parallel?: number
  /** Number of trials after which the process of a module is replaced. Default: no limit. */
  readonly trialsPerProcess?: number
}

/** One trial to be run. */
export interface TrialTask {
  readonly id: string
  /** The experiment that it belongs to, as its spans are marked. */
  readonly experiment?: string
  /** The context that the agent continues: its spans belong to this trace. */
  readonly traceId: string
  /** Id of the span that the agent's spans are below. */
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

/** The result of one trial. */
export interface TrialRun {
  /** How the trial ended. */
  readonly outcome: TrialOutcome
  /** Why the outcome is not `done`; `null` if it is. */
  readonly reason: string | null
  /** The output of the agent; `null` if there is none. */
  readonly output: Json
  /** How long the agent took, in milliseconds. */
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
  /** Runs one trial. An agent that fails gives a result with another outcome than `done`. */
  run(task: TrialTask, signal?: AbortSignal): Promise<TrialRun>
  /** Ends the agent's processes. */
  close(): Promise<void>
}

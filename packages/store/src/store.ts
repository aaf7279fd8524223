import type { EdgeKind, Json } from '@trace2/core'
import type { EvaluationStore } from './evaluation-store.ts'
import type { Feedback, FeedbackDeclarations, NewFeedback } from './feedback.ts'
import type { FeedbackName } from './feedback-name.ts'

export type { Feedback, FeedbackDeclarations, FeedbackSource, NewFeedback } from './feedback.ts'

import type { RunGraph } from './graph/graph.ts'
import type { LogRecord } from './otlp/logs.ts'
import type { SpanRecord } from './otlp/records.ts'
import type { RetentionPolicy, RetentionResult } from './retention-policy.ts'

/**
 * What a store of runs can do. The embedded DuckDB store and the HTTP client of a collector implement it alike, so
 * that no caller knows which it holds; {@link openStore} chooses. Every method rejects with a `Trace2Error`. `await using`
 * closes it.
 */
export interface Store extends EvaluationStore, AsyncDisposable {
  /** Where the data is: a file path, `:memory:` or the collector's URL. */
  readonly location: string

  /** Stores spans, committed when the promise resolves. A span already present (trace id, span id) is counted and skipped. */
  writeSpans(spans: readonly SpanRecord[]): Promise<WriteResult>
  /** Stores what log records say of runs: evaluation results and message events. The same records again change nothing. */
  writeLogs(records: readonly LogRecord[]): Promise<LogWriteResult>

  /** Runs, latest first. */
  runs(query?: RunQuery): Promise<RunSummary[]>
  /** Resolves a trace id, `traceId:spanId` or a unique prefix of one. Rejects with `T2_RUN_UNKNOWN` or `T2_RUN_AMBIGUOUS`. */
  findRun(reference: string): Promise<RunSummary>
  /** Graph of one run. Edges of kinds not listed are left out; default is all kinds. */
  graph(run: string, options?: GraphOptions): Promise<RunGraph>
  /** Graphs of many runs in the order asked for, a bounded number in memory at a time. */
  graphs(runs: readonly string[], options?: GraphOptions): AsyncIterable<RunGraph>

  /** Adds feedback and returns it as stored. The same (target, name, identifier) replaces what was there. */
  addFeedback(feedback: NewFeedback): Promise<Feedback>
  /** Feedback on the nodes of the given runs, or all of it, oldest first. */
  feedback(runs?: readonly string[]): Promise<Feedback[]>

  /** What each name of feedback means and what was seen of it, the objective first: by rank, then by name. */
  feedbackNames(): Promise<FeedbackName[]>
  /**
   * Declares what names of feedback mean, above what programs declare. `null` takes a declaration back. Rejects with
   * `T2_FEEDBACK_DECLARATION`, and declares nothing then.
   */
  declareFeedback(declarations: FeedbackDeclarations): Promise<FeedbackName[]>

  /** Every parameter with its latest version. */
  parameters(): Promise<ParameterSummary[]>
  /** Versions of one parameter, oldest first. Rejects with `T2_PARAMETER_UNKNOWN`. */
  parameterHistory(name: string): Promise<ParameterVersion[]>
  /** Counts and scores of the runs that used each version of a parameter; versions without runs are left out. */
  parameterScores(name: string, query?: ScoresQuery): Promise<VersionScores[]>
  /** Records a version that no span has shown yet (an accepted proposal's value). Idempotent. */
  addParameterVersion(version: NewParameterVersion): Promise<ParameterVersion>

  addProposals(proposals: readonly Proposal[]): Promise<void>
  proposals(filter?: {
    readonly status?: ProposalStatus
    readonly parameter?: string
  }): Promise<Proposal[]>
  /** By id or unique prefix. Rejects with `T2_PROPOSAL_UNKNOWN`. */
  proposal(id: string): Promise<Proposal>
  /** Moves an open proposal to its end. Rejects with `T2_PROPOSAL_CLOSED` if it is not open any more. */
  decideProposal(
    id: string,
    decision: { readonly status: 'accepted' | 'rejected'; readonly note: string },
  ): Promise<Proposal>

  addDeployment(deployment: NewDeployment): Promise<Deployment>
  /** Deployments of one parameter or of all, oldest first. */
  deployments(parameter?: string): Promise<Deployment[]>

  /** Writes the row before the call is made (`status: 'started'`) and again, same id, after it. */
  putLlmCall(call: LlmCall): Promise<void>
  /** A finished call with this content key, or `undefined`: the cache. */
  findLlmCall(key: string): Promise<LlmCall | undefined>
  llmCalls(ids: readonly string[]): Promise<LlmCall[]>

  /** Runs one read-only SELECT over the `v_` views. Rejects with `T2_SQL_READ_ONLY` for anything else, `T2_SQL` for an error in it. */
  sql(query: string): Promise<QueryResult>
  /** Writes one Parquet file per view into a new or empty directory on the store's machine; returns their paths. */
  exportParquet(directory: string, options?: ExportOptions): Promise<string[]>

  /** Deletes what the policy no longer allows: whole traces, the oldest first, never the evidence of a proposal in force. */
  retain(policy: RetentionPolicy): Promise<RetentionResult>

  close(): Promise<void>
}

export interface ExportOptions {
  /**
   * `day` makes a directory per view that has traces, with a partition `day=YYYY-MM-DD` for each day (UTC) on which a
   * trace began: all rows of one trace are in the partition of its day. Default: one file per view.
   */
  readonly partitionBy?: 'day'
}

export interface WriteResult {
  readonly accepted: number
  readonly duplicates: number
}

export interface LogWriteResult {
  readonly accepted: number
  /** Of these, records that say nothing of a run and are not stored. */
  readonly ignored: number
}

export interface RunQuery {
  /** Only these runs (ids as in {@link RunSummary.id}). */
  readonly ids?: readonly string[]
  /** ISO 8601 time; runs that started earlier are left out. */
  readonly since?: string
  /** A SQL condition over the columns of `v_run`. */
  readonly where?: string
  /** Only runs on which a piece of feedback lies (on any node), or only those without. */
  readonly hasFeedback?: boolean
  /**
   * `none`: no runs of trials. `any`: only those, of any experiment. Else the id of an experiment, for those of its
   * trials. Default `none`; where {@link ids} are given, whatever these are.
   */
  readonly experiment?: string
  /** Default 50; 0 is all. */
  readonly limit?: number
}

export interface GraphOptions {
  readonly edges?: readonly EdgeKind[]
  /**
   * Follow links into other traces, and make the operators that data came from part of the graph. Default `false`. What
   * was left out is in the graph's `repairs` (`unfollowed-link`).
   */
  readonly followLinks?: boolean
  /** How many spans of other traces are read at most for graphs that are read together. Default 50,000. */
  readonly maxLinkedSpans?: number
}

export interface RunSummary {
  /** `<traceId>`, or `<traceId>:<spanId>` where a trace holds several runs. */
  readonly id: string
  readonly traceId: string
  /** Span of the run itself, or of the trace's root. */
  readonly spanId: string
  readonly name: string
  readonly service: string | null
  readonly session: string | null
  readonly startedAt: string
  readonly durationMs: number
  readonly spans: number
  readonly errors: number
  /** Whether the run itself ended in error. */
  readonly failed: boolean
  /**
   * Score of the run under the first of the ranked names of feedback that it has, from 0 (worst) to 1 (best), or `null`.
   * Scores of different names are never mixed.
   */
  readonly score: number | null
  /** Under each name the mean of the scores given to the run or to nodes in it, from 0 (worst) to 1 (best). */
  readonly scores: { readonly [name: string]: number }
  readonly feedback: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly costUsd: number | null
  /** Version of each parameter that the run used. */
  readonly parameters: { readonly [name: string]: string }
  /** Experiment that the run is a trial of; `null` for a production run. */
  readonly experiment: string | null
}

export interface ParameterVersion {
  readonly name: string
  readonly version: string
  readonly value: Json
  readonly trainable: boolean
  readonly description: string
  readonly schema: Json
  readonly firstSeenAt: string
  /** Runs that used this version. */
  readonly runs: number
}

export interface ScoresQuery {
  /** ISO 8601 time; runs that started earlier are left out. */
  readonly since?: string
}

/** What the runs came to that used one version of a parameter. A run counts for the version that it used last. */
export interface VersionScores {
  readonly version: string
  readonly runs: number
  readonly firstRunAt: string
  readonly lastRunAt: string
  /** Per name of feedback, over the runs that have it. */
  readonly scores: readonly ScoreSummary[]
}

/** Scores of runs under one name, from 0 (worst) to 1 (best): enough for a mean and an interval. */
export interface ScoreSummary {
  readonly name: string
  readonly runs: number
  readonly mean: number
  /** Sum of the squared distances from the mean. */
  readonly squares: number
}

export type NewParameterVersion = Omit<ParameterVersion, 'version' | 'firstSeenAt' | 'runs'>

export interface ParameterSummary extends ParameterVersion {
  /** How many versions there are. */
  readonly versions: number
  readonly lastUsedAt: string | null
  /** Versions that its 20 latest runs had, the one that most had first. Absent where an older collector answers. */
  readonly recent?: readonly RecentVersion[]
}

/** A version of a parameter in recent traffic. */
export interface RecentVersion {
  readonly version: string
  readonly value: Json
  readonly runs: number
}

export type ProposalStatus = 'open' | 'accepted' | 'rejected'

/** One proposed value of one parameter. Several proposals of one optimizer step share `step`. */
export interface Proposal {
  readonly id: string
  readonly step: string
  readonly parameter: string
  readonly baseVersion: string
  readonly baseValue: Json
  readonly version: string
  readonly value: Json
  readonly optimizer: string
  readonly model: string
  /** Runs and feedback it rests on: those that stood in the prompts that were answered. */
  readonly runs: readonly string[]
  readonly feedback: readonly string[]
  /** What was gathered and stood in none of them. Absent where a version wrote the row that did not tell. */
  readonly leftOut?: LeftOut
  /** Where the base was found. Absent as above. */
  readonly base?: ProposalBase
  readonly reasoning: string
  /** Ids of the model calls that led to it, prompt and answer included. */
  readonly llmCalls: readonly string[]
  readonly inputTokens: number
  readonly outputTokens: number
  /** `null` where no price is known for the model. */
  readonly costUsd: number | null
  readonly status: ProposalStatus
  readonly note: string
  /** What is unusual about the change, so that someone should look at it first. Absent in those stored before. */
  readonly marks?: readonly ProposalMark[]
  readonly createdAt: string
  readonly decidedAt: string | null
}

export interface ProposalMark {
  readonly kind: string
  /** In a sentence. */
  readonly detail: string
}

/** What a step gathered and no prompt that was answered had room for. */
export interface LeftOut {
  readonly runs: number
  readonly feedback: number
  /** Names of parameters that could have been changed and were not asked about. */
  readonly parameters: readonly string[]
  /** Texts that the prompts show in part. */
  readonly texts: number
}

/** Where the value that a proposal changes was found to be in force. */
export interface ProposalBase {
  /** The parameters file, what was accepted last, what most of the recent runs had, or the program itself. */
  readonly source: 'file' | 'deployment' | 'traffic' | 'program'
  /** What is in force, the heaviest first: one version, or several among which runs choose. Shares sum to 1. */
  readonly arms: readonly { readonly version: string; readonly share: number }[]
  /** How many recent runs were looked at; 0 where nothing had to be inferred from runs. */
  readonly runs: number
}

export interface Deployment {
  readonly id: string
  readonly parameter: string
  /** The version that became current, or `null` where the code's own default did. */
  readonly version: string | null
  readonly previousVersion: string | null
  readonly proposal: string | null
  readonly action: 'accept' | 'rollback'
  /** Where it was deployed to, a path or URL. */
  readonly target: string
  readonly createdAt: string
}

export type NewDeployment = Omit<Deployment, 'id' | 'createdAt'>

export interface LlmCall {
  readonly id: string
  /** Hash of everything that decides the answer: endpoint-independent request content. */
  readonly key: string
  readonly purpose: string
  readonly model: string
  readonly request: Json
  readonly response: Json
  readonly status: 'started' | 'done' | 'failed'
  readonly error: string | null
  readonly inputTokens: number
  readonly outputTokens: number
  readonly costUsd: number | null
  readonly startedAt: string
  readonly endedAt: string | null
  /** Whether the step that began with this call is finished: another step asks anew. */
  readonly finishedStep?: boolean
}

export interface QueryResult {
  readonly columns: readonly string[]
  /** JSON-safe: 64-bit integers beyond 2^53, timestamps and blobs are strings. */
  readonly rows: readonly (readonly Json[])[]
}

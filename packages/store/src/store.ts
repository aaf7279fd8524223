import type { EdgeKind, Json, ParameterValue } from '@trace2/core'
import type { BackupBytes, BackupParts, OpenedBackup } from './backup.ts'
import type { Decision, NewDecision } from './decision.ts'
import type { EvaluationStore } from './evaluation-store.ts'
import type { Feedback, FeedbackDeclarations, NewFeedback } from './feedback.ts'
import type { FeedbackName } from './feedback-name.ts'
import type { LogRecord, SpanRecord } from './otlp/index.ts'

export type { Feedback, FeedbackDeclarations, FeedbackSource, NewFeedback } from './feedback.ts'

import type { RunGraph } from './graph/graph.ts'
import type { Deployment, LlmCall, NewDeployment, Proposal, ProposalStatus } from './proposal.ts'
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

  /** Runs, the latest first. By default at most 50, without runs of trials. */
  runs(query?: RunQuery): Promise<RunSummary[]>
  /** Resolves a trace id, `traceId:spanId` or a unique prefix of one. Rejects with `T2_RUN_UNKNOWN` or `T2_RUN_AMBIGUOUS`. */
  findRun(reference: string): Promise<RunSummary>
  /** Graph of one run. Edges of kinds not listed are left out; default is all kinds. */
  graph(run: string, options?: GraphOptions): Promise<RunGraph>
  /**
   * Graphs of many runs in the order asked for, a bounded number in memory at a time. Runs that were recorded one after the
   * other are read quickest in that order, or in the reverse. The iteration can be stopped at any graph. It rejects with
   * `T2_SQL_ENDED` where its signal ends it.
   */
  graphs(runs: readonly string[], options?: GraphsOptions): AsyncIterable<RunGraph>

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

  /** Stores proposals. A proposal whose id is stored already is left as it is. */
  addProposals(proposals: readonly Proposal[]): Promise<void>
  /** Proposals, the latest first. The filter keeps those with the given status and of the given parameter. */
  proposals(filter?: {
    readonly status?: ProposalStatus
    readonly parameter?: string
  }): Promise<Proposal[]>
  /** Finds a proposal by its id or a unique prefix of it. Rejects with `T2_PROPOSAL_UNKNOWN`. */
  proposal(id: string): Promise<Proposal>
  /** Moves an open proposal to its end. Rejects with `T2_PROPOSAL_CLOSED` if it is not open any more. */
  decideProposal(
    id: string,
    decision: { readonly status: 'accepted' | 'rejected'; readonly note: string },
  ): Promise<Proposal>

  /** Records that a version was deployed. The store gives the deployment its id and time, and returns it. */
  addDeployment(deployment: NewDeployment): Promise<Deployment>
  /** Deployments of one parameter or of all, oldest first. */
  deployments(parameter?: string): Promise<Deployment[]>

  /**
   * Takes a decision: records it and closes the proposals that it accepts, or does nothing. The same id again returns what
   * was begun. The file is changed next, then comes {@link endDecision}.
   *
   * Rejects with `T2_PROPOSAL_CLOSED` for a proposal that is neither open nor rolled back, with `T2_DECISION_CONFLICT` if a
   * parameter has another latest deployment than the decision knows of, and with `T2_DECISION_UNFINISHED` if a decision about
   * the same parameter is begun and not ended.
   */
  beginDecision(decision: NewDecision): Promise<Decision>
  /**
   * Ends a decision: records the deployments of the parameters that have their new version in the file now, and opens the
   * proposals of the others again. Returns the deployments; for a decision that is ended already those that it led to.
   */
  endDecision(id: string, inForce: readonly string[]): Promise<Deployment[]>
  /** Decisions that are begun and not ended, oldest first. */
  unfinishedDecisions(): Promise<Decision[]>

  /** Writes the row before the call is made (`status: 'started'`) and again, same id, after it. */
  putLlmCall(call: LlmCall): Promise<void>
  /** A finished call with this content key, or `undefined`: the cache. */
  findLlmCall(key: string): Promise<LlmCall | undefined>
  /** The model calls with these ids. Ids that the store does not know are left out. */
  llmCalls(ids: readonly string[]): Promise<LlmCall[]>

  /**
   * Runs one read-only SELECT over the `v_` views. Rejects with `T2_SQL_READ_ONLY` for any other statement, and with `T2_SQL`
   * for an error in the statement; with `T2_SQL_TIME` or `T2_SQL_LARGE` for one that takes too much, and with `T2_SQL_ENDED`
   * where its signal ended it.
   */
  sql(query: string, options?: QueryOptions): Promise<QueryResult>
  /** Writes one Parquet file per view into a new or empty directory on the store's machine; returns their paths. */
  exportParquet(directory: string, options?: ExportOptions): Promise<string[]>

  /**
   * Adds rows of an export's `records.parquet`: what spans do not say. A row whose key is there already is left out, but
   * for feedback that is newer than what is there. Rejects with `T2_IMPORT` where a table takes no such rows.
   *
   * @returns how many were added or replaced.
   */
  addRecords(table: string, rows: readonly ExportedRecord[]): Promise<number>

  /**
   * Begins a backup: all tables as they are now, in parts that {@link Store.backupParts} lists and {@link Store.readBackup}
   * gives. Writing goes on meanwhile.
   *
   * @param known names of parts that the caller has.
   */
  openBackup(known: readonly string[]): Promise<OpenedBackup>
  /** Parts of a backup from a number on. Waits a second at most where none is ready. */
  backupParts(id: string, from: number): Promise<BackupParts>
  /** Bytes of a part, from an offset on. Rejects with `T2_BACKUP_GONE` where the backup or the part is no more. */
  readBackup(id: string, name: string, offset: number): Promise<BackupBytes>
  /** Ends a backup, whether it was read or not. It ends by itself a minute after the last call. */
  closeBackup(id: string): Promise<void>

  /** Deletes what the policy no longer allows: whole traces, the oldest first, never the evidence of a proposal in force. */
  retain(policy: RetentionPolicy): Promise<RetentionResult>

  /** Closes the store. Its methods must not be called afterwards. */
  close(): Promise<void>
}

/** Options of {@link Store.sql}. */
export interface QueryOptions {
  /** Ends the query. A collector ends a query by itself where the one who asked has gone. */
  readonly signal?: AbortSignal
}
/** A row of a table in an export: each column as text, a list of texts, or `null`. */
export type ExportedRecord = Readonly<Record<string, string | readonly string[] | null>>

/** Options of {@link Store.exportParquet}. */
export interface ExportOptions {
  /**
   * `day` makes a directory per view that has traces, with a partition `day=YYYY-MM-DD` for each day (UTC) on which a
   * trace began: all rows of one trace are in the partition of its day. Default: one file per view.
   */
  readonly partitionBy?: 'day'
}

/** The result of {@link Store.writeSpans}. */
export interface WriteResult {
  /** Spans that were stored. */
  readonly accepted: number
  /** Spans that were skipped because they were stored already. */
  readonly duplicates: number
}

/** The result of {@link Store.writeLogs}. */
export interface LogWriteResult {
  /** Log records that were taken, those in `ignored` included. */
  readonly accepted: number
  /** How many of the accepted records say nothing of a run. They are not stored. */
  readonly ignored: number
}

/** Selects runs for {@link Store.runs}. A run is listed if it meets all conditions that are given. */
export interface RunQuery {
  /** Only these runs (ids as in {@link RunSummary.id}). */
  readonly ids?: readonly string[]
  /** ISO 8601 time; runs that started earlier are left out. */
  readonly since?: string
  /** A SQL condition over the columns of `v_run`. */
  readonly where?: string
  /** `true`: only runs with feedback on the run or on any node in it. `false`: only runs without. */
  readonly hasFeedback?: boolean
  /**
   * Which runs of trials are listed. `none`: no runs of trials. `any`: only runs of trials. The id of an experiment:
   * only runs of its trials. Default `none`; if {@link ids} are given, all of them.
   */
  readonly experiment?: string
  /** Limit of the number of runs. 0 means no limit. Default 50. */
  readonly limit?: number
  /** Ends a query with `where`, as in {@link QueryOptions.signal}. */
  readonly signal?: AbortSignal
}

/** Options of {@link Store.graph} and {@link Store.graphs}. */
export interface GraphOptions {
  /** Kinds of edges that the graph contains. Default: all kinds. */
  readonly edges?: readonly EdgeKind[]
  /**
   * Follow links into other traces, and make the operators that data came from part of the graph. Default `false`. What
   * was left out is in the graph's `repairs` (`unfollowed-link`).
   */
  readonly followLinks?: boolean
  /**
   * Limit of the spans that are read of each trace: the run's own span, and the first ones from its start on. What was
   * left out is in the graph's `repairs` (`left-out`). Default 10,000, at most 200,000: that takes seconds and a gigabyte
   * of memory, and other answers have to wait for it.
   */
  readonly maxSpans?: number
  /** Limit of the spans of other traces that are read for all graphs of one call. Default 50,000. */
  readonly maxLinkedSpans?: number
}

/** Options of {@link Store.graphs}. */
export interface GraphsOptions extends GraphOptions {
  /** Ends the iteration. */
  readonly signal?: AbortSignal
}

/** One run, with its totals. A run is one execution of an agent. */
export interface RunSummary {
  /** `<traceId>`, or `<traceId>:<spanId>` where a trace holds several runs. */
  readonly id: string
  /** Trace id: 32 lowercase hexadecimal digits. */
  readonly traceId: string
  /** Span of the run itself, or of the trace's root. */
  readonly spanId: string
  /** Name of the run's operator or span. */
  readonly name: string
  /** `service.name` of the program; `null` if it is unknown. */
  readonly service: string | null
  /** Id of the conversation that the run belongs to; `null` if there is none. */
  readonly session: string | null
  /** Id of the person for whom the run was; `null` if the program does not say. */
  readonly user: string | null
  /** When the run started, as an ISO 8601 time. */
  readonly startedAt: string
  /** How long the run took, in milliseconds. */
  readonly durationMs: number
  /** Number of spans in the run. */
  readonly spans: number
  /** Number of spans in the run that ended in an error. */
  readonly errors: number
  /** Whether the run itself ended in error. */
  readonly failed: boolean
  /**
   * Score of the run under the first of the ranked names of feedback that it has, from 0 (worst) to 1 (best), or `null`.
   * Scores of different names are never mixed.
   */
  readonly score: number | null
  /** Mean of the scores given to the run or to nodes in it, by the name of the feedback. From 0 (worst) to 1 (best). */
  readonly scores: { readonly [name: string]: number }
  /** Number of pieces of feedback on the run and on nodes in it. */
  readonly feedback: number
  /** Input tokens of all model calls in the run. */
  readonly inputTokens: number
  /** Output tokens of all model calls in the run. */
  readonly outputTokens: number
  /** Input tokens among them that came out of a cache; 0 where no call says. */
  readonly cacheReadTokens: number
  /** Input tokens among them that were put into a cache; 0 where no call says. */
  readonly cacheWriteTokens: number
  /** Output tokens among them that models only thought; 0 where no call says. */
  readonly reasoningTokens: number
  /** Cost of all model calls in the run, in US dollars; `null` if no price is known. */
  readonly costUsd: number | null
  /** Version of each parameter that the run used. */
  readonly parameters: { readonly [name: string]: string }
  /** Experiment that the run is a trial of; `null` for a production run. */
  readonly experiment: string | null
}

/** One version of a parameter, with how much it was used. */
export interface ParameterVersion extends ParameterValue {
  /** When the store first saw this version, as an ISO 8601 time. */
  readonly firstSeenAt: string
  /** Number of runs that used this version. */
  readonly runs: number
}

/** Selects the runs that {@link Store.parameterScores} counts. */
export interface ScoresQuery {
  /** ISO 8601 time; runs that started earlier are left out. */
  readonly since?: string
}

/**
 * The runs that used one version of a parameter, and their scores. A run that used several versions counts for the last
 * one.
 */
export interface VersionScores {
  /** The version: the first 16 hexadecimal digits of the hash of its value. */
  readonly version: string
  /** Number of runs that count for this version. */
  readonly runs: number
  /** When the first of these runs started, as an ISO 8601 time. */
  readonly firstRunAt: string
  /** When the last of these runs started, as an ISO 8601 time. */
  readonly lastRunAt: string
  /** Mean of the scores of these runs, for each name of feedback that any of them has. */
  readonly scores: readonly ScoreSummary[]
}

/** Scores of runs under one name, from 0 (worst) to 1 (best): enough for a mean and an interval. */
export interface ScoreSummary {
  /** Name of the feedback. */
  readonly name: string
  /** Number of runs that have a score under this name. */
  readonly runs: number
  /** Mean of the scores of these runs. */
  readonly mean: number
  /** Sum of the squared differences between each score and the mean. */
  readonly squares: number
}

/** A version that is put in. Its kind is found where it is left out. */
export type NewParameterVersion = Omit<ParameterValue, 'version' | 'valueKind'> &
  Partial<Pick<ParameterValue, 'valueKind'>>

/** One parameter: its latest version, and how many versions there are. */
export interface ParameterSummary extends ParameterVersion {
  /** Number of versions. */
  readonly versions: number
  /** When the parameter was last used outside of trials, as an ISO 8601 time; `null` if it never was. */
  readonly lastUsedAt: string | null
  /**
   * Versions that the 20 latest runs of the parameter had. The most frequent is first. Absent if an older collector
   * answers.
   */
  readonly recent?: readonly RecentVersion[]
}

/** A version of a parameter in recent traffic. */
export interface RecentVersion {
  readonly version: string
  readonly value: Json
  /** Number of the recent runs that had this version. */
  readonly runs: number
}

/** The result of {@link Store.sql}. */
export interface QueryResult {
  /** Names of the columns, in order. */
  readonly columns: readonly string[]
  /**
   * One list of values for each row, in the order of the columns. Values are JSON: 64-bit integers beyond 2^53,
   * timestamps and blobs are strings.
   */
  readonly rows: readonly (readonly Json[])[]
}

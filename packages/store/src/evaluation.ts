import type { Json } from '@trace2/core'
import type { FeedbackSource } from './feedback.ts'

/** Optimizers read `train`, a search selects on `validation`, a gate decides on `holdout`. */
export type Split = 'train' | 'validation' | 'holdout'

/** What was said of the run that a case comes from. */
export interface CaseFeedback {
  /** Name of the feedback. */
  readonly name: string
  /** The score, on the scale of the name; `null` if none was given. */
  readonly score: number | null
  /** The judgement in a word; `null` if none was given. */
  readonly label: string | null
  /** The judgement in words; `null` if none was given. */
  readonly comment: string | null
  /** Who gave the feedback. */
  readonly source: FeedbackSource
}

/** An input to run an agent on. */
export interface Case {
  /** First 16 hex digits of the hash of its inputs. */
  readonly id: string
  /** What the agent is called with, by role, in order. */
  readonly inputs: { readonly [role: string]: Json }
  /** The output that the agent should give; `null` where it is not known. */
  readonly reference: Json
  /** What was said of the run that the case comes from. */
  readonly feedback: readonly CaseFeedback[]
  /** Name of the group. All cases of a group are in one split, and a gate counts them as one. */
  readonly group: string
  /** The part of the dataset that the case is in. */
  readonly split: Split
  /** Id of the stored run that the case comes from; `null` if it comes from no run. */
  readonly run: string | null
  /** What else is known: columns of a file, tags of a run. */
  readonly metadata: { readonly [name: string]: Json }
}

/** One version of a dataset. */
export interface DatasetVersion {
  readonly name: string
  /** Number of the version. The first is 1. */
  readonly version: number
  /** When this version was stored, as an ISO 8601 time. */
  readonly createdAt: string
  /** Where this version came from, in words. */
  readonly origin: string
  /** Hash of its cases. */
  readonly hash: string
  /** Numbers of cases of this version. */
  readonly counts: {
    /** Number of cases. */
    readonly cases: number
    /** Number of groups. */
    readonly groups: number
    /** Number of cases that have a reference. */
    readonly references: number
    /** Numbers of cases in each split. */
    readonly splits: { readonly [split in Split]: number }
  }
}

/** One version of a dataset, with its cases. */
export interface Dataset extends DatasetVersion {
  readonly cases: readonly Case[]
}

/** The next version of a dataset. If it has exactly the cases of the latest version, no version is added. */
export interface NewDataset {
  readonly name: string
  /** Where this version comes from, in words. */
  readonly origin: string
  readonly cases: readonly Case[]
}

/** A set of parameter values that an experiment tries. */
export interface Candidate {
  /** First 16 hex digits of the hash of its values; `base` for what is in force. */
  readonly id: string
  /** Name for people: `base`, a proposal's id, or the values as they were given. */
  readonly name: string
  /** The values and their versions, by the name of the parameter. */
  readonly values: {
    readonly [parameter: string]: { readonly value: Json; readonly version: string }
  }
  /** Ids of the proposals that the values come from. */
  readonly proposals: readonly string[]
}

/** How the trials of an experiment run the agent. */
export type TrialMode =
  /** The agent runs wholly. */
  | 'live'
  /** What does not depend on the change is answered from the stored run. */
  | 'replay'
  /** One recorded model call is asked again. */
  | 'single call'

/** Trial runs made to compare candidates. */
export interface Experiment {
  readonly id: string
  /** When the experiment was started, as an ISO 8601 time. */
  readonly createdAt: string
  /** When the experiment ended, as an ISO 8601 time; `null` while it runs. */
  readonly endedAt: string | null
  /** `running` until it ends. Afterwards `done`, or `stopped` if it ended early. */
  readonly status: 'running' | 'done' | 'stopped'
  /** Why the experiment stopped early, in a sentence; `null` if it did not. */
  readonly stoppedBecause: string | null
  /** Name of the dataset. */
  readonly dataset: string
  /** Version of the dataset. */
  readonly datasetVersion: number
  /** The part of the dataset that the cases are in. */
  readonly split: Split
  /** Ids of the cases, in the order in which they are run. */
  readonly cases: readonly string[]
  /** The candidates. The first is the base. */
  readonly candidates: readonly Candidate[]
  /** Number of trials per candidate and case. */
  readonly repeats: number
  /** How the trials run the agent. */
  readonly mode: TrialMode
  /** The agent as it was configured; `null` if the experiment runs no agent. */
  readonly agent: string | null
  /** Hash of the source of the agent; `null` if the experiment runs no agent. */
  readonly agentHash: string | null
  /** Names of the guides. */
  readonly guides: readonly string[]
  /** Hash of the definitions of the guides. */
  readonly guidesHash: string
  /** Seed of all random choices of the experiment. */
  readonly seed: number
}

/** How a trial ended. */
export type TrialOutcome =
  | 'started'
  | 'done'
  /** The agent threw, or ended with an error. */
  | 'failed'
  | 'timed out'
  /** Its process ended or was ended. */
  | 'crashed'
  | 'out of memory'
  /** It gave what is no output. */
  | 'bad output'
  /** A replay came to a call with an effect that the stored run does not have. */
  | 'diverged'
  /** The replay of the unchanged agent does not give what is stored. */
  | 'not reproducible'
  /** The stored run does not have what a replay needs. */
  | 'not replayable'
  /** The experiment was stopped. */
  | 'interrupted'

/** What one guide says of a trial. */
export interface TrialScore {
  /** Name of the guide. */
  readonly guide: string
  /** The score, from 0 to 1; `null` if the guide failed or had nothing to say. */
  readonly score: number | null
  /** The judgement in a word; `null` if the guide gave none. */
  readonly label: string | null
  /** The judgement in words; `null` if the guide gave none. */
  readonly comment: string | null
  /** Why the guide failed; `null` if it did not fail. */
  readonly error: string | null
}

/** What a replay did of a trial. */
export interface ReplayCounts {
  /** Number of calls that ran, by the name of the operator. */
  readonly executed: { readonly [op: string]: number }
  /** Number of calls that were answered from the stored run, by the name of the operator. */
  readonly served: { readonly [op: string]: number }
  /** Number of calls that ran and are not in the stored run. */
  readonly fresh: number
  /** Number of stored calls that no call asked for. */
  readonly unused: number
  /** What the answered calls had cost, in US dollars; `null` if no cost is known. */
  readonly savedUsd: number | null
}

/** One run of a candidate on a case. */
export interface Trial {
  readonly id: string
  /** Id of the experiment. */
  readonly experiment: string
  /** Id of the candidate. */
  readonly candidate: string
  /** Id of the case. */
  readonly case: string
  /** Which repeat of the candidate on the case it is. The first is 0. */
  readonly repeat: number
  /** Hash of all that its result depends on: trials of other experiments with the same key are not paid for again. */
  readonly key: string
  /** How the trial ended. */
  readonly outcome: TrialOutcome
  /** Why the outcome is not `done`; `null` if it is. */
  readonly reason: string | null
  /** Trace of its spans: such runs are hidden from queries unless they are asked for. */
  readonly traceId: string
  /** The output of the agent; `null` if there is none. */
  readonly output: Json
  /** What each guide says of the output. */
  readonly scores: readonly TrialScore[]
  /** The score that the gate reads: that of the metric of the experiment. */
  readonly score: number | null
  /** How long the agent took, in milliseconds; `null` if it is unknown. */
  readonly latencyMs: number | null
  /** Input tokens of all model calls of the trial. */
  readonly inputTokens: number
  /** Output tokens of all model calls of the trial. */
  readonly outputTokens: number
  /** Cost of all model calls of the trial, in US dollars; `null` if no price is known. */
  readonly costUsd: number | null
  /** What the replay did; `null` if the trial was live. */
  readonly replay: ReplayCounts | null
  /** Names of the candidate's parameters that the run used; `null` if the trial left no spans. */
  readonly used: readonly string[] | null
  /** Whether it is the result of a trial with the same key in another experiment. */
  readonly cached: boolean
  /** When the trial started, as an ISO 8601 time. */
  readonly startedAt: string
  /** When the trial ended, as an ISO 8601 time; `null` while it runs. */
  readonly endedAt: string | null
}

/** A look at the cases of a split: what a gate has read is not fresh for the next decision. */
export interface Look {
  readonly id: string
  /** When the cases were read, as an ISO 8601 time. */
  readonly at: string
  /** Name of the dataset. */
  readonly dataset: string
  /** Version of the dataset. */
  readonly datasetVersion: number
  readonly split: Split
  /** Whether the cases were read to select a candidate or to decide on one. */
  readonly purpose: 'selection' | 'decision'
  /** Id of the experiment. */
  readonly experiment: string
  /** Id of the candidate. */
  readonly candidate: string
  /** The groups of cases that were read. */
  readonly groups: readonly string[]
  /** How many of these groups an earlier decision had read. */
  readonly reused: number
  /** `reused` if an earlier decision had read any of these groups, otherwise `fresh`. */
  readonly basis: 'fresh' | 'reused'
  /** Error probability that was allocated to the test of this candidate. */
  readonly alpha: number
  /** Error probability that this test took from the budget. */
  readonly spent: number
  /** Error probability that the verdict added to the budget. Only `better` on fresh cases adds any. */
  readonly earned: number
  /** Error probability that is left of the budget after this test. */
  readonly left: number
  /** What the gate said after this look. `not taken` if the look was stored and not taken; `null` while it is under way. */
  readonly verdict: string | null
}

/** What a gate said of a candidate. */
export interface StoredVerdict {
  readonly id: string
  /** When the verdict was given, as an ISO 8601 time. */
  readonly createdAt: string
  /** Id of the experiment. */
  readonly experiment: string
  /** Id of the candidate. */
  readonly candidate: string
  /** Ids of the proposals that the candidate's values come from. */
  readonly proposals: readonly string[]
  /** Name of the metric that the verdict is about. */
  readonly metric: string
  /** What the gate says of the candidate, compared with the base. */
  readonly verdict: 'better' | 'worse' | 'no difference worth it' | 'not enough evidence'
  /** The report of the gate, whole. */
  readonly report: Json
}

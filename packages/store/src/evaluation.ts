import type { Json } from '@trace2/core'
import type { FeedbackSource } from './feedback.ts'

/** Optimizers read `train`, a search selects on `validation`, a gate decides on `holdout`. */
export type Split = 'train' | 'validation' | 'holdout'

/** What was said of the run that a case comes from. */
export interface CaseFeedback {
  readonly name: string
  readonly score: number | null
  readonly label: string | null
  readonly comment: string | null
  readonly source: FeedbackSource
}

/** An input to run an agent on. */
export interface Case {
  /** First 16 hex digits of the hash of its inputs. */
  readonly id: string
  /** What the agent is called with, by role, in order. */
  readonly inputs: { readonly [role: string]: Json }
  /** What it should give; `null` where nothing is known. */
  readonly reference: Json
  readonly feedback: readonly CaseFeedback[]
  /** Cases of one group move together: they lie in one split, and a gate counts them as one. */
  readonly group: string
  readonly split: Split
  /** The stored run that it comes from. */
  readonly run: string | null
  /** What else is known: columns of a file, tags of a run. */
  readonly metadata: { readonly [name: string]: Json }
}

/** One version of a dataset. */
export interface DatasetVersion {
  readonly name: string
  /** From 1. */
  readonly version: number
  readonly createdAt: string
  /** Where this version came from, in words. */
  readonly origin: string
  /** Hash of its cases. */
  readonly hash: string
  readonly counts: {
    readonly cases: number
    readonly groups: number
    readonly references: number
    /** Cases by split. */
    readonly splits: { readonly [split in Split]: number }
  }
}

export interface Dataset extends DatasetVersion {
  readonly cases: readonly Case[]
}

/** A dataset's next version. One with the cases of the latest version is that version. */
export interface NewDataset {
  readonly name: string
  readonly origin: string
  readonly cases: readonly Case[]
}

/** A set of parameter values that an experiment tries. */
export interface Candidate {
  /** First 16 hex digits of the hash of its values; `base` for what is in force. */
  readonly id: string
  /** Name for people: `base`, a proposal's id, or the values as they were given. */
  readonly name: string
  /** By parameter. */
  readonly values: {
    readonly [parameter: string]: { readonly value: Json; readonly version: string }
  }
  /** Proposals that its values come from. */
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
  readonly createdAt: string
  readonly endedAt: string | null
  readonly status: 'running' | 'done' | 'stopped'
  /** Why it stopped, in a sentence; `null` where it ran to its end. */
  readonly stoppedBecause: string | null
  readonly dataset: string
  readonly datasetVersion: number
  readonly split: Split
  /** Ids of the cases that it is about, in the order in which they are taken. */
  readonly cases: readonly string[]
  /** The first is the base. */
  readonly candidates: readonly Candidate[]
  /** Trials per candidate and case. */
  readonly repeats: number
  readonly mode: TrialMode
  /** The agent as it was configured, and the hash of its source; `null` where there is none. */
  readonly agent: string | null
  readonly agentHash: string | null
  /** Names of the guides, and the hash of their definitions. */
  readonly guides: readonly string[]
  readonly guidesHash: string
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
  readonly guide: string
  /** From 0 to 1; `null` where the guide failed or had nothing to say. */
  readonly score: number | null
  readonly label: string | null
  readonly comment: string | null
  /** Why the guide failed. */
  readonly error: string | null
}

/** What a replay did of a trial. */
export interface ReplayCounts {
  /** Calls that ran, by operator. */
  readonly executed: { readonly [op: string]: number }
  /** Calls that were answered from the stored run, by operator. */
  readonly served: { readonly [op: string]: number }
  /** Of those that ran, calls that the stored run has not. */
  readonly fresh: number
  /** Stored calls that nothing asked for. */
  readonly unused: number
  /** Money that the answered calls had cost. */
  readonly savedUsd: number | null
}

/** One run of a candidate on a case. */
export interface Trial {
  readonly id: string
  readonly experiment: string
  readonly candidate: string
  readonly case: string
  /** From 0. */
  readonly repeat: number
  /** Hash of all that its result depends on: trials of other experiments with the same key are not paid for again. */
  readonly key: string
  readonly outcome: TrialOutcome
  /** Why, where it is not `done`. */
  readonly reason: string | null
  /** Trace of its spans: such runs are hidden from queries unless they are asked for. */
  readonly traceId: string
  readonly output: Json
  readonly scores: readonly TrialScore[]
  /** The score that the gate reads: of the metric that the experiment is about. */
  readonly score: number | null
  readonly latencyMs: number | null
  readonly inputTokens: number
  readonly outputTokens: number
  readonly costUsd: number | null
  readonly replay: ReplayCounts | null
  /** Parameters of the candidate that the run has used; `null` where the trial left no spans. */
  readonly used: readonly string[] | null
  /** Whether it is the result of a trial with the same key in another experiment. */
  readonly cached: boolean
  readonly startedAt: string
  readonly endedAt: string | null
}

/** A look at the cases of a split: what a gate has read is not fresh for the next decision. */
export interface Look {
  readonly id: string
  readonly at: string
  readonly dataset: string
  readonly datasetVersion: number
  readonly split: Split
  readonly purpose: 'selection' | 'decision'
  readonly experiment: string
  readonly candidate: string
  readonly groups: readonly string[]
  /** How many of these groups an earlier decision had read. */
  readonly reused: number
  readonly basis: 'fresh' | 'reused'
  /** Error allocated to the test of this candidate, and what is left of the budget after it. */
  readonly alpha: number
  readonly spent: number
  readonly earned: number
  readonly left: number
  readonly verdict: string | null
}

/** What a gate said of a candidate. */
export interface StoredVerdict {
  readonly id: string
  readonly createdAt: string
  readonly experiment: string
  readonly candidate: string
  readonly proposals: readonly string[]
  readonly metric: string
  readonly verdict: 'better' | 'worse' | 'no difference worth it' | 'not enough evidence'
  /** The report of the gate, whole. */
  readonly report: Json
}

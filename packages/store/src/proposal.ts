import type { Json } from '@trace2/core'

/** The status of a proposal. An `open` one waits for a decision, which makes it `accepted` or `rejected`. */
export type ProposalStatus = 'open' | 'accepted' | 'rejected'

/** One proposed value of one parameter. Several proposals of one optimizer step share `step`. */
export interface Proposal {
  readonly id: string
  /** Id of the optimizer step. */
  readonly step: string
  /** Name of the parameter. */
  readonly parameter: string
  /** The version that the proposal changes. */
  readonly baseVersion: string
  /** The value of that version. */
  readonly baseValue: Json
  /** The version that the proposed value would be. */
  readonly version: string
  /** The proposed value. */
  readonly value: Json
  /** Name of the optimizer that proposed it. */
  readonly optimizer: string
  /** Name of the language model that the optimizer asked. */
  readonly model: string
  /** Ids of the runs that the proposal rests on: those that were part of a prompt that was answered. */
  readonly runs: readonly string[]
  /** Ids of the feedback that the proposal rests on: the pieces that were part of a prompt that was answered. */
  readonly feedback: readonly string[]
  /** What was gathered and was part of no prompt that was answered. Absent in proposals that an older version stored. */
  readonly leftOut?: LeftOut
  /** Where the value in force was found. Absent in proposals that an older version stored. */
  readonly base?: ProposalBase
  /** Why the model proposes the value, in its own words. */
  readonly reasoning: string
  /** Ids of the model calls that led to it, prompt and answer included. */
  readonly llmCalls: readonly string[]
  /** Input tokens of these model calls. */
  readonly inputTokens: number
  /** Output tokens of these model calls. */
  readonly outputTokens: number
  /** Cost of these model calls, in US dollars. `null` if no price is known for the model. */
  readonly costUsd: number | null
  readonly status: ProposalStatus
  /** What is to be said of the proposal, such as the reason of the decision. Empty if there is nothing. */
  readonly note: string
  /**
   * What is unusual about the change, so that a person looks at it first. Absent in proposals that an older version
   * stored.
   */
  readonly marks?: readonly ProposalMark[]
  /** When the proposal was made, as an ISO 8601 time. */
  readonly createdAt: string
  /** When the proposal was decided, as an ISO 8601 time; `null` while it is open. */
  readonly decidedAt: string | null
  /** Path of the file that an accepted proposal was last put into, without symbolic links. Absent if it was put into none. */
  readonly target?: string
}

/** One unusual property of a proposed change. */
export interface ProposalMark {
  /** Stable name of the property. */
  readonly kind: string
  /** What is unusual, in one sentence. */
  readonly detail: string
}

/** What a step gathered and had no room for in any prompt that was answered. */
export interface LeftOut {
  /** Number of runs. */
  readonly runs: number
  /** Number of pieces of feedback. */
  readonly feedback: number
  /** Names of parameters that could have been changed and were not asked about. */
  readonly parameters: readonly string[]
  /** Texts that the prompts show in part. */
  readonly texts: number
}

/** The place in which the present value was found: a proposal changes the value that is in force. */
export interface ProposalBase {
  /** The parameters file, what was accepted last, what most of the recent runs had, or the program itself. */
  readonly source: 'file' | 'deployment' | 'traffic' | 'program'
  /** What is in force, the heaviest first: one version, or several among which runs choose. Shares sum to 1. */
  readonly arms: readonly { readonly version: string; readonly share: number }[]
  /** How many recent runs were looked at; 0 where nothing had to be inferred from runs. */
  readonly runs: number
}

/** A change of the version of a parameter that is in force. */
export interface Deployment {
  readonly id: string
  /** Name of the parameter. */
  readonly parameter: string
  /** The version that became current, or `null` where the code's own default did. */
  readonly version: string | null
  /** The version that was in force before; `null` if it was the default in the code. */
  readonly previousVersion: string | null
  /** Id of the accepted proposal; `null` if no proposal led to it. */
  readonly proposal: string | null
  /** Whether a proposal was accepted, or an earlier version was put back. */
  readonly action: 'accept' | 'rollback'
  /** Where it was deployed to, a path or URL. */
  readonly target: string
  /** When it was deployed, as an ISO 8601 time. */
  readonly createdAt: string
}

/** A deployment to be recorded. The store adds its id and time. */
export type NewDeployment = Omit<Deployment, 'id' | 'createdAt'>

/** A call of a language model that Trace2 itself made, for example for an optimizer or a judge. */
export interface LlmCall {
  readonly id: string
  /** Hash of everything that decides the answer: endpoint-independent request content. */
  readonly key: string
  /** What the call was made for. */
  readonly purpose: string
  /** Name of the model. */
  readonly model: string
  /** The request, as JSON. */
  readonly request: Json
  /** The response, as JSON; `null` if there is none. */
  readonly response: Json
  /** `started` until the call ends. Afterwards `done`, or `failed` if it ended in an error. */
  readonly status: 'started' | 'done' | 'failed'
  /** Why the call failed; `null` if it did not fail. */
  readonly error: string | null
  /** Tokens of the request: what the endpoint reports, or an estimate if it reports nothing that can be true. */
  readonly inputTokens: number
  /** Tokens of the answer: what the endpoint reports, or an estimate if it reports nothing that can be true. */
  readonly outputTokens: number
  /** Cost of the call, in US dollars; `null` if no price is known for the model. */
  readonly costUsd: number | null
  /** When the call started, as an ISO 8601 time. */
  readonly startedAt: string
  /** When the call ended, as an ISO 8601 time; `null` while it is under way. */
  readonly endedAt: string | null
  /** Whether the step that began with this call is finished. Another step then makes the call again. */
  readonly finishedStep?: boolean
}

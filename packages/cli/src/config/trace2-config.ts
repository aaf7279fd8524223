import type { Json } from '@trace2/core'
import type { Guide, GuideDefinition, Subject, Verdict } from '@trace2/optimizer'

/** What `trace2.config.ts` exports. Paths are relative to the file; what is left out has the default of the commands. */
export interface Trace2Config {
  /** The database, or the address of a collector: `--db` of every command. */
  readonly store?: string
  /** The file from which the agent reads accepted values: `--parameters`. */
  readonly parameters?: string
  /** How the agent is run. */
  readonly agent?: AgentSetting
  /** What one trial of the agent may take. */
  readonly limits?: LimitSettings
  /** How outputs are judged. */
  readonly guides?: readonly GuideSetting[]
  /** The dataset that is meant where none is named: `NAME`, or `NAME@VERSION`. */
  readonly dataset?: string
  /** The models, and how they are asked. */
  readonly models?: ModelConfig
  /** What a command may spend. */
  readonly budgets?: BudgetSettings
  /** What decides whether a change is better. */
  readonly gate?: GateConfig
  /** What a replay does with the calls of an operator, by its name. */
  readonly replay?: { readonly [operator: string]: ReplaySetting }
}

/** How the agent is run. */
export type AgentSetting =
  /** `./src/agent.ts#agent`: a function that a module exports; without `#…` its default export. */
  | string
  /** A program in any language. `directory` is where it runs: by default, where the configuration lies. */
  | { readonly command: readonly string[]; readonly directory?: string }
  /** A server. */
  | {
      readonly url: string
      readonly headers?: { readonly [name: string]: string }
      /** Port of 127.0.0.1 to which the server sends its spans. */
      readonly receiverPort?: number
    }

/** What one trial of the agent may take. */
export interface LimitSettings {
  /** Longest time of one trial, in seconds. Default 120. */
  readonly timeout?: number
  /** Most memory of the process of one trial, in MiB. Default 1,024. */
  readonly memory?: number
  /** Number of trials at the same time. Default 4. */
  readonly parallel?: number
  /** Number of trials after which the process of a module is replaced. Default: no limit. */
  readonly trialsPerProcess?: number
  /** Variables beside those of the command. */
  readonly environment?: { readonly [name: string]: string }
}

/** A guide: as a file of `trace2 judge` has it, as an object with a function `judge`, or as a function. */
export type GuideSetting = GuideDefinition | Guide | GuideFunction

/** Judges an output. A number is a score from 0 to 1; `true` is 1. Its name is the name of the feedback. */
export type GuideFunction = (subject: Subject) => GuideAnswer | Promise<GuideAnswer>

export type GuideAnswer = number | boolean | Verdict

/** The models of `trace2 optimize`, `judge` and `evaluate`, and how they are asked. */
export interface ModelConfig {
  /** `--model`; `TRACE2_MODEL` outranks it. */
  readonly model?: string
  /** `--cheap-model`; `TRACE2_MODEL_CHEAP` outranks it. */
  readonly cheapModel?: string
  /** `--judge-model`, and the model of `trace2 judge`; `TRACE2_MODEL_JUDGE` outranks it. */
  readonly judgeModel?: string
  /** Time after which a call fails if the endpoint has sent nothing, in seconds. */
  readonly timeout?: number
  /** Limit of the tokens of one answer. */
  readonly maxAnswerTokens?: number
  /** Limit of the tokens of prompt and answer together. */
  readonly context?: number
  /** Number of calls at the same time. */
  readonly concurrency?: number
  /** Limit of the calls that begin within one minute. Default: no limit. */
  readonly callsPerMinute?: number
  /** Limit of the input and output tokens of all calls that begin within one minute. Default: no limit. */
  readonly tokensPerMinute?: number
  /** Prices in US dollars for a million tokens, by the name of the model. */
  readonly prices?: {
    readonly [model: string]: { readonly input: number; readonly output: number }
  }
}

/** What a command may spend at most. */
export interface BudgetSettings {
  /** Limit of the model calls. */
  readonly maxCalls?: number
  /** Limit of the input and output tokens of all calls together. */
  readonly maxTotalTokens?: number
  /** Limit of the cost of all calls together, in US dollars. */
  readonly maxCost?: number
  /** Limit of the trials of an experiment. */
  readonly maxTrials?: number
  /** Limit of the time of an experiment, in seconds. */
  readonly maxTime?: number
}

/** What decides whether a change is better. */
export interface GateConfig {
  /** Name of a guide, or `score`: the mean of all. Default `score`. */
  readonly metric?: string
  /** The least difference of mean scores that is worth a change, from 0 to 1. */
  readonly worth?: number
  /** The number of groups of cases that can be afforded. */
  readonly affordable?: number
  /** Error probability allowed over all decisions on a dataset. Above 0, at most 0.5. */
  readonly alpha?: number
  /**
   * What must not get worse: how much a quantity may rise (`costUsd: '+10%'`, `errors: '+0'`), or the score of a guide fall
   * (`politeness: '-0.05'`) or rise, where less is better (`length: '+0.05'`).
   */
  readonly guards?: { readonly [quantity: string]: string }
  /** How a trial without a score counts. */
  readonly missing?: 'worst score' | 'both ways'
  /** Whether `trace2 accept` refuses what the gate does not call better. Default `advise`: it asks. */
  readonly policy?: 'advise' | 'binding'
}

/** What a replay does with the calls of one operator. See `ReplayPolicy` of `@trace2/instrumentation`. */
export type ReplaySetting =
  | 'live'
  | 'recorded'
  | 'recorded-or-live'
  | {
      readonly use?: 'live' | 'recorded' | 'recorded-or-live'
      /** Answers in place of everything else. */
      readonly stub?: Json
      /** Names of inputs that are not compared. */
      readonly volatile?: readonly string[]
    }

import type { IgnoredEvents } from '../import/ignored-events.ts'

/** What the spans of a store, or of a file, are like: who sent them, what was read of them, and what is missing. */
export interface TraceCheck {
  /** Number of spans. */
  readonly spans: number
  /** Who sent them, those with most spans first. At most a hundred. */
  readonly senders: readonly TraceSender[]
  /** What each dialect read, those with most spans first. */
  readonly dialects: readonly DialectCheck[]
  /** What is known of the model calls that other instrumentations recorded, by scope and dialect. */
  readonly modelCalls: readonly ModelCallCheck[]
  /** Spans of no known dialect that look like model calls, among the latest. They are in none of the counts of model calls. */
  readonly lookalikes: readonly LookalikeCheck[]
  /** Prompts with another text in nearly each run, those with most texts first. At most twenty. */
  readonly filledPrompts: readonly FilledPrompt[]
  /** Edges of data in the graphs of the latest runs. */
  readonly edges: EdgeCheck
  /** Log records beside the spans that say nothing of a run, by name. Those of a store are not kept. */
  readonly ignoredEvents: readonly IgnoredEvents[]
  /** Attributes of the latest spans that nothing reads. */
  readonly unread: UnreadCheck
  /** What to change in the senders. Empty where nothing is missing. */
  readonly advice: readonly TraceAdvice[]
}

/** A program and the instrumentation in it. */
export interface TraceSender {
  /** `service.name`; `null` where the sender does not say. */
  readonly service: string | null
  /** Name of the instrumentation scope; empty where there is none. */
  readonly scope: string
  /** Version of the scope; empty where there is none. */
  readonly version: string
  /** `telemetry.sdk.language`. */
  readonly language: string | null
  /** `telemetry.sdk.name`. */
  readonly sdk: string | null
  /** `telemetry.sdk.version`. */
  readonly sdkVersion: string | null
  readonly spans: number
}

/** How many spans of each kind a dialect has. */
export interface DialectCheck {
  readonly dialect: string
  readonly spans: number
  readonly modelCalls: number
  readonly toolCalls: number
  readonly agents: number
  /** Spans of which nothing says what kind of operation they are. */
  readonly unknown: number
}

/** How many model calls of one scope and dialect have what an optimizer needs. */
export interface ModelCallCheck {
  readonly scope: string
  readonly dialect: string
  readonly calls: number
  /** Calls whose input and output are known. */
  readonly messages: number
  /** Calls with a prompt: system instructions or a template. */
  readonly prompts: number
  /** Different prompts, in the latest runs, that have no name but their first words. */
  readonly unnamed: number
  /** Calls that say which tools they offer. */
  readonly tools: number
  /** Spans of tools, of the same scope, that do not describe the tool either. */
  readonly undescribed: number
  /** Calls with numbers of tokens. */
  readonly tokens: number
  /** Calls in a trace that belongs to a session. */
  readonly sessions: number
}

/** Spans of one scope that look like model calls by the names of their attributes. */
export interface LookalikeCheck {
  readonly scope: string
  readonly spans: number
  /** Names under which they seem to have what a model call has. */
  readonly keys: {
    readonly model?: string
    readonly instructions?: string
    readonly input?: string
    readonly output?: string
    readonly tokens?: string
  }
}

/** A prompt into which a program fills something that is another thing in nearly each run. */
export interface FilledPrompt {
  readonly name: string
  /** Runs that used it. */
  readonly runs: number
  /** Different texts in them. */
  readonly texts: number
}

/** How many model calls read what an earlier call gave. */
export interface EdgeCheck {
  /** Runs whose graphs were looked at: the latest. */
  readonly runs: number
  /** Model calls in them, without the first of each run: it has nothing to read from. */
  readonly calls: number
  /** Those with an edge of data from another operator. */
  readonly connected: number
}

/** Attribute names that nothing reads. */
export interface UnreadCheck {
  /** Spans that were looked at: the latest. */
  readonly spans: number
  /** Names, the most frequent first. At most fifty. */
  readonly keys: readonly UnreadKey[]
  /** How many more names there are. */
  readonly more: number
  /** Names of OpenTelemetry's general conventions (`http.*`, `server.*` …), which say nothing of an agent. */
  readonly general: number
}

/** An attribute name that nothing reads. It has `#` in place of each number. */
export interface UnreadKey {
  readonly key: string
  /** One of the names as it was sent. */
  readonly example: string
  readonly dialect: string
  /** Number of the spans looked at that have it. */
  readonly spans: number
}

/** Something that is missing, and what to change in the sender. */
export interface TraceAdvice {
  readonly lack:
    | 'spans'
    | 'reading'
    | 'dialect'
    | 'model-calls'
    | 'messages'
    | 'prompt'
    | 'prompt-name'
    | 'prompt-template'
    | 'tools'
    | 'tokens'
    | 'session'
    | 'edges'
  /** Scope that it concerns; `null` where it concerns all. */
  readonly scope: string | null
  /** Dialect that it concerns; `null` where it concerns all. */
  readonly dialect: string | null
  /** What is missing, in a sentence. */
  readonly found: string
  /** What to change. */
  readonly remedy: string
}

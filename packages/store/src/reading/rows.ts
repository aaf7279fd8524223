import type { FeedbackDeclaration, ParameterValue } from '@trace2/core'
import type { Feedback } from '../feedback.ts'

/** Rows of one span, in the words of the tables (`engines/duckdb/tables/`). */
export interface SpanRows {
  readonly span: CanonicalSpan
  readonly inputs: readonly InputRow[]
  readonly parameters: readonly ParameterRow[]
  readonly uses: readonly ParameterUseRow[]
  /** Those of the parameters that have no name of their own; the names that they have here are what is left where nothing around the span gives one. */
  readonly unnamed: readonly UnnamedPrompt[]
  readonly feedback: readonly FeedbackRow[]
  /** Why nothing was read of the span, where reading it has failed. */
  readonly failure?: Error
}

/** A JSON value as text; plain text is a JSON string that need not be parsed to be known. */
export interface Captured {
  /** JSON text, or the plain text itself where `plain`. */
  readonly text: string
  readonly plain: boolean
  /** JSON text in either case. */
  readonly json: string
  /** What the text says, where it has been parsed already. */
  readonly value?: unknown
}

/** What an optimizer needs of a span, whatever convention it was written in. */
export interface CanonicalSpan {
  /** `aside`: what is no step of a run, as an agent that is created or a piece of a stream. */
  readonly kind: 'run' | 'op' | 'feedback' | 'aside'
  readonly dialect: string
  readonly op: string
  /** `llm`, `tool`, `agent`, `retriever`, `embedding`, `chain` …, or `null` where nothing says. */
  readonly opKind: string | null
  readonly description: string
  readonly sourceHash: string | null
  readonly input: Captured | null
  readonly output: Captured | null
  readonly outputHash: string | null
  /** JSON object of static template texts by role, or `null`. */
  readonly templates: string | null
  /** Id of the tool call that this span executes, or of the response that a model's call got. */
  readonly callId: string | null
  readonly model: string | null
  readonly provider: string | null
  /** All tokens that the model read, those out of a cache included. */
  readonly inputTokens: number | null
  /** All tokens that the model wrote, its thoughts included. */
  readonly outputTokens: number | null
  /** Input tokens that came out of a cache. */
  readonly cacheReadTokens: number | null
  /** Input tokens that were put into a cache. */
  readonly cacheWriteTokens: number | null
  /** Output tokens that the model only thought. */
  readonly reasoningTokens: number | null
  readonly costUsd: number | null
  readonly session: string | null
  readonly user: string | null
  readonly service: string | null
  readonly error: string | null
  readonly errorFrame: string | null
}

/** One input of a span: where it came from. `malformed` keeps an entry that could not be read. */
export interface InputRow {
  readonly role: string
  readonly origin: 'span' | 'parameter' | 'value' | 'link' | 'malformed'
  readonly how: string
  readonly pointer: string
  readonly traceId: string | null
  readonly spanId: string | null
  readonly parameter: string | null
  readonly version: string | null
  readonly valueHash: string | null
  /** JSON pointer to an external value in the span's own input; `null` where it is not there. */
  readonly at: string | null
  /** JSON text of an external value that is not there, as far as it was captured. */
  readonly value: string | null
  /** Whether equality with another value means anything. */
  readonly distinctive: boolean
}

/** An input of which nothing is known yet. */
export const blankInput = {
  how: 'exact',
  pointer: '',
  traceId: null,
  spanId: null,
  parameter: null,
  version: null,
  valueHash: null,
  at: null,
  value: null,
  distinctive: false,
} as const

/** A parameter's value as it is written: what is JSON is text. */
export interface ParameterRow extends Omit<ParameterValue, 'value' | 'schema'> {
  /** JSON text. */
  readonly value: string
  /** JSON text, or `null`. */
  readonly schema: string | null
}

/** The use of a parameter by a span. */
export interface ParameterUseRow {
  readonly name: string
  readonly version: string
  /** Probability with which the run got this version; `null` if it is unknown. */
  readonly propensity: number | null
}

/** A prompt that its span has no name for: what is around the span names it, when that is known. */
export interface UnnamedPrompt {
  /** The name that it has among the parameters. */
  readonly name: string
  readonly role: string
  /** Agent or function that the span itself says it is part of. */
  readonly caller: string | null
}

/** A piece of feedback that a span carries. The store gives it an id and a time. */
export interface FeedbackRow extends Omit<Feedback, 'id' | 'createdAt'> {
  /** What the program says that the name means. */
  readonly declaration?: FeedbackDeclaration
}

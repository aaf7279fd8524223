import type { TrialOutcome } from '@trace2/store'

/**
 * What this process and a process of the agent send each other. Values go as JSON text, which carries every value of
 * JSON as it is, members called `__proto__` included.
 */
export interface TrialMessage {
  readonly type: 'trial'
  readonly traceId: string
  readonly spanId: string
  /** JSON list of what the function is called with. */
  readonly inputs: string
  /** JSON object of values of parameters by name. */
  readonly parameters: string
  /** JSON of what a replay goes by. */
  readonly replay: string | undefined
  /** File in which answers of models are kept. */
  readonly answers: string | undefined
}

export type WorkerMessage = ReadyMessage | UnloadableMessage | ResultMessage | DyingMessage

/** The module is loaded. */
export interface ReadyMessage {
  readonly type: 'ready'
}

/** The module cannot be loaded, or exports no such function. */
export interface UnloadableMessage {
  readonly type: 'unloadable'
  /** Code of the error, where it has one. */
  readonly code: string | undefined
  readonly reason: string
}

/** Spans that ended during a trial, as one OTLP request. */
export interface SentSpans {
  readonly otlp: Uint8Array
  /** Why there may be others; `null` where nothing says so. */
  readonly incomplete: string | null
}

/** A trial that came to an end. */
export interface ResultMessage extends SentSpans {
  readonly type: 'result'
  readonly outcome: TrialOutcome
  readonly reason: string | null
  /** JSON of the output. */
  readonly output: string
  readonly latencyMs: number
  readonly unclaimed: readonly string[]
  /** JSON of what a replay did. */
  readonly report: string
  /** Resident memory of the process, in MiB. */
  readonly residentMb: number
}

/** The process is about to end in the midst of a trial. */
export interface DyingMessage extends SentSpans {
  readonly type: 'dying'
  readonly reason: string
}

const types: ReadonlySet<unknown> = new Set<WorkerMessage['type']>([
  'ready',
  'unloadable',
  'result',
  'dying',
])

/** Only the entry of the process has the channel, so that the tag tells the rest. */
export function isWorkerMessage(value: unknown): value is WorkerMessage {
  return typeof value === 'object' && value !== null && 'type' in value && types.has(value.type)
}

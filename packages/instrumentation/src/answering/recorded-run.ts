import type { Json } from '@trace2/core'

/**
 * What a store has of one run, as far as a replay needs it: plain JSON, so that it can be sent to the process that runs
 * the agent. Made by {@link recordedRunOf}.
 */
export interface RecordedRun {
  /** Id of the run in the store. */
  readonly run: string
  /** Index in `calls` of the call that stands for the run as a whole; its body always runs. `null` if no call does. */
  readonly root: number | null
  /** The calls, in the order of their start. */
  readonly calls: readonly RecordedCall[]
  /** Steps of the run's own body that another instrumentation has recorded: no replay can answer them. */
  readonly outside?: readonly { readonly name: string; readonly calls: number }[]
}

/** One recorded call of an operator. */
export interface RecordedCall {
  /** Id of the span of the call. */
  readonly id: string
  /** Name of the operator. */
  readonly op: string
  /** Hash of the source of the operator's function. `null` if it is unknown. */
  readonly source: string | null
  /** Index in {@link RecordedRun.calls} of the call around it. `null` if none of them is around it. */
  readonly parent: number | null
  /** Whether it was made in the process that the run itself was in. */
  readonly isLocal: boolean
  /** The inputs of the call, in order. */
  readonly inputs: readonly RecordedInputValue[]
  /** Indexes of the calls whose outputs the inputs came from, with JSON pointers to the parts. */
  readonly sources: readonly (readonly [call: number, pointer: string])[]
  /** Parameters that the call itself has used: name and version. */
  readonly parameters: readonly (readonly [name: string, version: string])[]
  /** How the caller got the output; `null` if the span does not tell. */
  readonly form: string | null
  /** The output or the error of the call. */
  readonly outcome: RecordedOutcome
  /** The answer of the endpoint, for a model call, as far as it is recorded. */
  readonly answer?: RecordedAnswer
  /** Whether the operator has effects: declared, or by default because it is a tool. */
  readonly hasEffects: boolean
  /** Names of inputs that its operator says are not to be compared. */
  readonly volatile: readonly string[]
  /** Cost of the call, in US dollars. `null` if it had none, or if none is known. */
  readonly costUsd: number | null
  /** Input and output tokens of the call. */
  readonly tokens: number
}

/** Name of the input of a model call that stands for the whole request. No argument has such a name. */
export const requestRole = '(request)'
/** Name of the input of a model call that stands for the request without its messages. No argument has such a name. */
export const settingsRole = '(settings)'

/** What the endpoint of a model answered. */
export interface RecordedAnswer {
  /** Body of the answer, as JSON. Of a stream: what its pieces come to. */
  readonly body: { readonly [name: string]: Json }
  /** Whether the endpoint answered with a stream. */
  readonly isStream: boolean
  /** Lengths of the pieces in which its text came. */
  readonly pieces?: readonly number[]
}

/** One input of a call. */
export interface RecordedInputValue {
  /** Name of the input. */
  readonly role: string
  /** What equal values have in common; `null` where the span has too little to tell. */
  readonly key: string | null
  /** The value as it is shown: cut, or `null` where it was withheld. */
  readonly shown: Json
  /** Whether it came from a parameter, wholly or in part. */
  readonly isParameter: boolean
  /** Name of that parameter. */
  readonly from: string | null
}

/** How a recorded call ended: with a value, with an error, or with an output that the span does not have whole. */
export type RecordedOutcome =
  | RecordedValue
  | RecordedError
  /** The span has not all of it. */
  | {
      readonly kind: 'lost'
      readonly reason: string
      /** What it has, where that is only described. */
      readonly described?: Json
    }

/** An output, or what a stream gave. Without a value it was `undefined`. */
export interface RecordedValue {
  readonly kind: 'value'
  /** The value, as JSON. Absent if it was `undefined`. */
  readonly value?: Json
  /** Members that were `undefined`: the place of each in its object, and a JSON pointer to it. */
  readonly undefined?: readonly string[]
  /** Lengths of the pieces in which a stream gave its text, in UTF-16 code units. */
  readonly pieces?: readonly number[]
  /** Whether a stream went on after what was read of it. */
  readonly isUnfinished?: boolean
}

/** The error that a recorded call threw. */
export interface RecordedError {
  readonly kind: 'error'
  /** Name of the error's class, for example `TypeError`. */
  readonly type: string
  /** Message of the error. */
  readonly message: string
  /** Members by which programs tell errors apart. */
  readonly members: { readonly [name: string]: string | number | boolean }
  /** What a stream gave before it failed. */
  readonly came?: RecordedValue
}

import type { Json } from '@trace2/core'

/**
 * What a store has of one run, as far as a replay needs it: plain JSON, so that it can be sent to the process that runs
 * the agent. Made by {@link recordedRunOf}.
 */
export interface RecordedRun {
  /** As the store names it. */
  readonly run: string
  /** Which of the calls stands for the run as a whole; its body always runs. `null` where no operator does. */
  readonly root: number | null
  /** In the order of their start. */
  readonly calls: readonly RecordedCall[]
  /** Steps of the run's own body that another instrumentation has recorded: no replay can answer them. */
  readonly outside?: readonly { readonly name: string; readonly calls: number }[]
}

export interface RecordedCall {
  /** Id of its span. */
  readonly id: string
  readonly op: string
  readonly source: string | null
  /** The call around it; `null` where that is none of these. */
  readonly parent: number | null
  /** Whether it was made in the process that the run itself was in. */
  readonly isLocal: boolean
  readonly inputs: readonly RecordedInputValue[]
  /** Calls whose outputs its inputs came from, with JSON pointers to the parts. */
  readonly sources: readonly (readonly [call: number, pointer: string])[]
  /** Parameters that the call itself has used: name and version. */
  readonly parameters: readonly (readonly [name: string, version: string])[]
  /** How its caller got the output; `null` where the span does not tell. */
  readonly form: string | null
  readonly outcome: RecordedOutcome
  /** Of a model call: what the endpoint had answered, as far as it is recorded. */
  readonly answer?: RecordedAnswer
  /** Whether the operator has effects: declared, or by default because it is a tool. */
  readonly hasEffects: boolean
  /** Names of inputs that its operator says are not to be compared. */
  readonly volatile: readonly string[]
  /** `null` where it had none, or none is known. */
  readonly costUsd: number | null
  readonly tokens: number
}

/** Inputs that a model call has beside its messages: all that was asked, and all but the messages. No argument has such a name. */
export const requestRole = '(request)'
export const settingsRole = '(settings)'

export interface RecordedAnswer {
  readonly body: { readonly [name: string]: Json }
  readonly isStream: boolean
  /** Lengths of the pieces in which its text came. */
  readonly pieces?: readonly number[]
}

/** One input of a call. */
export interface RecordedInputValue {
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
  readonly value?: Json
  /** Members that were `undefined`: the place of each in its object, and a JSON pointer to it. */
  readonly undefined?: readonly string[]
  readonly pieces?: readonly number[]
  /** Whether a stream went on after what was read of it. */
  readonly isUnfinished?: boolean
}

export interface RecordedError {
  readonly kind: 'error'
  readonly type: string
  readonly message: string
  /** Members by which programs tell errors apart. */
  readonly members: { readonly [name: string]: string | number | boolean }
  /** What a stream gave before. */
  readonly came?: RecordedValue
}

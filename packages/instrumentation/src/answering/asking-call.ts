import type { Json, Trace2Error } from '@trace2/core'
import type { Operator } from '../operator/operator.ts'
import type { Recording } from '../operator/recording.ts'
import type { AskedInput } from './input-keys.ts'
import type { RecordedCall } from './recorded-run.ts'

/** A call that asks before it executes. */
export interface AskingCall {
  readonly operator: Operator
  /** `undefined` where nobody records. */
  readonly recording: Recording | undefined
  /** Its inputs, to be compared; `undefined` where they could not be read. */
  asked(): readonly AskedInput[] | undefined
  /** Does what the operator does. */
  execute(): unknown
  /** How a client of a model gives what is not its own: through all that it does with answers of its endpoint. */
  readonly ofModel?: {
    giver(recorded: RecordedCall): Giver | string
    stub(value: Json): Giver
    refuse(error: Trace2Error): Giver
  }
}

/** Gives an answer, as the operator would. */
export type Giver = () => unknown

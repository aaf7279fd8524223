import type { Json } from '@trace2/core'
import {
  type Difference,
  differenceText,
  firstDifference,
  type RecordedRun,
} from '@trace2/instrumentation/replay'

/** Whether a replay without any change gave the recorded output. */
export type Reproduction =
  | { readonly isReproducible: true }
  | {
      readonly isReproducible: false
      /** Where they differ first; `null` where the record does not have the whole output. */
      readonly difference: Difference | null
      /** In a sentence. */
      readonly reason: string
    }

/**
 * Compares the output of a replay of the unchanged agent with the recorded output. They may differ because code between
 * operators reads something that is not recorded, such as the time. Such a case cannot show whether a candidate is
 * better.
 *
 * @param output as JSON has it, or what the agent threw as `{ error: 'Type: message' }`.
 */
export function reproduction(recorded: RecordedRun, output: Json): Reproduction {
  const outcome = recorded.root === null ? undefined : recorded.calls[recorded.root]?.outcome
  if (!outcome) return { isReproducible: true }
  if (outcome.kind === 'lost') {
    // What JSON cannot carry is described in other words than JSON has for it; equal words are equal values all the same.
    const isSame = outcome.described !== undefined && !firstDifference(outcome.described, output)
    if (isSame) return { isReproducible: true }
    const reason = `The recorded output cannot be compared: ${outcome.reason}.`
    return { isReproducible: false, difference: null, reason }
  }
  const before: Json =
    outcome.kind === 'value'
      ? (outcome.value ?? null)
      : { error: `${outcome.type}: ${outcome.message}` }
  const difference = firstDifference(before, output)
  if (!difference) return { isReproducible: true }
  const reason = `Without any change the agent gives something else: ${differenceText(difference)}.`
  return { isReproducible: false, difference, reason }
}

import type { AskedInput } from '../answering/index.ts'
import { type Difference, differenceText, firstDifference } from './difference.ts'
import type { Entry } from './recorded-calls.ts'
import { type ReplayEnd, shownInputs } from './report.ts'

/** Recorded calls that are compared, to find the nearest. */
const mostCompared = 1_000

export interface Nearest {
  readonly inputs: ReplayEnd['inputs']
  readonly difference: Difference | null
  /** The difference in words; `undefined` where there is none to be seen. */
  readonly text: string | undefined
}

/** The recorded call that has the most inputs in common with one that was asked for; of several the first. */
export function nearestOf(asked: readonly AskedInput[], entries: readonly Entry[]): Nearest | null {
  const keys = new Map(asked.map(({ role, key }) => [role, key]))
  let nearest: Entry | undefined
  let most = -1
  for (const entry of entries.slice(0, mostCompared)) {
    const { inputs } = entry.call
    const equal = inputs.filter(({ role, key }) => key !== null && keys.get(role) === key).length
    if (equal <= most) continue
    nearest = entry
    most = equal
  }
  if (!nearest) return null
  const inputs = shownInputs(nearest.call.inputs)
  const difference = firstDifference(inputs, shownInputs(asked)) ?? null
  return { inputs, difference, text: difference ? differenceText(difference) : undefined }
}

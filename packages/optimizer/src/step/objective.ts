import type { FeedbackName } from '@trace2/collector/store'
import type { Measures } from '../batch/index.ts'
import { raise } from '../errors.ts'

/** The name of feedback by which a step tells good runs from failed ones, and why it is that. */
export interface Objective {
  readonly meaning: FeedbackName
  /** `only`: no other name has a scale. */
  readonly because: 'chosen' | 'weight' | 'pieces' | 'only'
}

/**
 * @param given what the caller calls the objective: a name of feedback, or words about what to achieve.
 * @throws `T2_OBJECTIVE` where it is a name under which there is no score.
 */
export function objectiveOf({ names, ranked }: Measures, given?: string): Objective | null {
  const [first, second] = ranked.flatMap((name) => names.get(name) ?? [])
  const chosen = given === undefined ? undefined : names.get(given)
  if (chosen && chosen !== first) {
    const what = `The feedback ${JSON.stringify(chosen.name)} has no scores that can be compared.`
    throw raise('T2_OBJECTIVE', what)
  }
  if (!first) return null
  if (chosen) return { meaning: first, because: 'chosen' }
  if (!second) return { meaning: first, because: 'only' }
  const isWeightier =
    first.weight > second.weight || (first.weightFrom !== 'usual' && second.weightFrom === 'usual')
  return { meaning: first, because: isWeightier ? 'weight' : 'pieces' }
}

import type { FeedbackName } from '@trace2/store'
import type { Measures } from '../batch/index.ts'
import { raise } from '../errors.ts'
import { nearest } from '../text/near.ts'

/** The name of feedback that decides which runs were good and which failed, and why this name was chosen. */
export interface Objective {
  readonly meaning: FeedbackName
  /** `only` means that no other name has a scale. */
  readonly because: 'chosen' | 'weight' | 'pieces' | 'only'
}

/**
 * @param given what the caller calls the objective: a name of feedback, or words about what to achieve.
 * @throws `T2_OBJECTIVE` where it is a name under which there is no score, or what can only be a name and is none.
 */
export function objectiveOf({ names, ranked }: Measures, given?: string): Objective | null {
  const [first, second] = ranked.flatMap((name) => names.get(name) ?? [])
  const chosen = given === undefined ? undefined : names.get(given)
  if (chosen && chosen !== first) throw raise('T2_OBJECTIVE', incomparable(chosen))
  if (given !== undefined && !chosen) refuseSlip(given, [...names.keys()])
  if (!first) return null
  if (chosen) return { meaning: first, because: 'chosen' }
  if (!second) return { meaning: first, because: 'only' }
  const isWeightier =
    first.weight > second.weight || (first.weightFrom !== 'usual' && second.weightFrom === 'usual')
  return { meaning: first, because: isWeightier ? 'weight' : 'pieces' }
}

function incomparable({ name, unclear, seen }: FeedbackName): string {
  return unclear
    ? `The scale of the feedback ${JSON.stringify(name)} is unclear: all of its scores are ${seen?.[0]}.`
    : `The feedback ${JSON.stringify(name)} has no scores that can be compared.`
}

/** Written as only names are: one word with a mark or a capital letter inside. */
const nameLike = /^(?!\p{Lu}*$)[\p{L}\p{N}]+(?:[_.:/][\p{L}\p{N}_.:/-]+|\p{Lu}[\p{L}\p{N}]*)$/u

/** A slip of the pen would be taken for words about what to achieve, and another name for the objective. */
function refuseSlip(given: string, names: readonly string[]): void {
  const meant = nearest(given, names)
  if (meant === undefined && !nameLike.test(given)) return
  const suggestion = meant === undefined ? '' : ` Did you mean ${JSON.stringify(meant)}?`
  throw raise('T2_OBJECTIVE', `There is no feedback ${JSON.stringify(given)}.${suggestion}`)
}

/** Names of some feedback whose scores are on several usual scales, so that they say nothing until a scale is declared. */
export function unclearNames(
  { names }: Measures,
  feedback: Iterable<{ readonly name: string }>,
): readonly FeedbackName[] {
  const given = new Set(Array.from(feedback, ({ name }) => name))
  return [...names.values()].filter(({ name, unclear }) => unclear === true && given.has(name))
}

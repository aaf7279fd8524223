import type { FeedbackDirection, FeedbackScale } from '@trace2/core'
import type { Feedback } from './feedback.ts'

/** What one name of feedback means, and what was seen of it. */
export interface FeedbackName {
  /** The name. */
  readonly name: string
  /** Number of pieces of feedback under this name. */
  readonly pieces: number
  /** Number of pieces that have a score. */
  readonly scores: number
  /** Number of pieces that have a label. */
  readonly labels: number
  /** The lowest and the highest score that was given. `null` if no piece has a score. */
  readonly seen: readonly [least: number, most: number] | null
  /** `null` where the data says too little: words and labels alone, or one score that could be anything. */
  readonly scale: FeedbackScale | null
  /**
   * Whether the scores seen are on several usual scales, so that the scale should be declared: a 1, however often, can be
   * the best thumb or the worst star, and has no scale until then. Absent where an older collector answers.
   */
  readonly unclear?: boolean
  /** Whether higher or lower scores are better. */
  readonly direction: FeedbackDirection
  /** How much the name counts among the names. The objective is the name with the largest weight. */
  readonly weight: number
  /** Where the scale is from: declared in a file or by the program, or learned from the scores seen. */
  readonly scaleFrom: DeclaredIn | 'learned'
  /** `name`: words such as latency or error rate say that less is better. `usual`: nothing says otherwise. */
  readonly directionFrom: DeclaredIn | 'name' | 'usual'
  /** Where the weight is from. `usual`: nothing declares one. */
  readonly weightFrom: DeclaredIn | 'usual'
  /** Place among the names that can be compared with themselves: 1 is the objective. `null` for the others. */
  readonly rank: number | null
}

/**
 * Where a meaning was declared. `file`: with `declareFeedback` of a store. `program`: by the program that gave
 * the feedback.
 */
export type DeclaredIn = 'file' | 'program'

/**
 * A score or label on the scale of its name, from 0 (worst) to 1 (best); `null` where it has no place there. What lies
 * beyond an end counts as that end.
 *
 * @example normalizedScore({ score: 2, label: null }, stars) // 0.25 on a scale from 1 to 5
 */
export function normalizedScore(
  { score, label }: Pick<Feedback, 'score' | 'label'>,
  meaning: Pick<FeedbackName, 'scale' | 'direction'> | undefined,
): number | null {
  if (!meaning?.scale) return null
  const place = placeOn(meaning.scale, score, label)
  if (!place) return null
  const { above, below } = place
  return (meaning.direction === 'lower' ? below : above) / (above + below)
}

/** How far something is above the lower end of a scale and below its upper end. */
function placeOn(
  scale: FeedbackScale,
  score: number | null,
  label: string | null,
): { readonly above: number; readonly below: number } | undefined {
  const [low, high] = scale
  if (typeof low === 'number' && typeof high === 'number') {
    if (score === null) return undefined
    if (score <= low) return { above: 0, below: 1 }
    if (score >= high) return { above: 1, below: 0 }
    // Halves, because the ends may lie farther apart than the largest double.
    return { above: score / 2 - low / 2, below: high / 2 - score / 2 }
  }
  const at = label === null ? -1 : scale.map(String).indexOf(label)
  return at < 0 ? undefined : { above: at, below: scale.length - 1 - at }
}

/** The names that count for a score, the most important first: `objective` if it is given, then by rank. */
export function rankedNames(
  names: readonly FeedbackName[],
  objective?: string,
): readonly FeedbackName[] {
  const place = ({ name, rank }: FeedbackName) => (name === objective ? 0 : (rank ?? 0))
  return names
    .filter(({ rank, name, scale }) => rank !== null || (name === objective && scale !== null))
    .toSorted((a, b) => place(a) - place(b))
}

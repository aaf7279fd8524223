import { type Feedback, type FeedbackName, normalizedScore, rankedNames } from '@trace2/store'

/** What the names of feedback mean, and in which order they count. */
export interface Measures {
  readonly names: ReadonlyMap<string, FeedbackName>
  /** Names by which runs are compared: the first is the objective, the next where a run has none of it, and so on. */
  readonly ranked: readonly string[]
}

/** Scores of one run, from 0 (worst) to 1 (best), by the name of the feedback. */
export type Scores = ReadonlyMap<string, number>

/**
 * @param objective the name that comes first; where it is left out or is none of them, the first by weight and by how
 * much there is of it.
 */
export function measuresOf(names: readonly FeedbackName[], objective?: string): Measures {
  return {
    names: new Map(names.map((meaning) => [meaning.name, meaning])),
    ranked: rankedNames(names, objective).map(({ name }) => name),
  }
}

/** Under each name the mean of its scores; never a mean over names. */
export function scoresOf(feedback: readonly Feedback[], { names }: Measures): Scores {
  const sums = new Map<string, { sum: number; count: number }>()
  for (const one of feedback) {
    const score = normalizedScore(one, names.get(one.name))
    if (score === null) continue
    const { sum, count } = sums.get(one.name) ?? { sum: 0, count: 0 }
    sums.set(one.name, { sum: sum + score, count: count + 1 })
  }
  return new Map([...sums].map(([name, { sum, count }]) => [name, sum / count]))
}

/** The score by which a run is compared with others: that of the first of the ranked names which it has. */
export function deciding(scores: Scores, { ranked }: Measures): number | undefined {
  const name = ranked.find((one) => scores.has(one))
  return name === undefined ? undefined : scores.get(name)
}

/** Whether a score is in the better half of its scale. */
export function isGood(score: number): boolean {
  return score > 0.5
}

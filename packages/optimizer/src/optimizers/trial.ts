import type { Json } from '@trace2/core'
import type { Problem } from '../prompt/index.ts'
import { isBetter } from '../values/index.ts'
import type { Suggestion } from './strategy.ts'

/** Scores values, given by the name of the variable, by trying them. A higher score is better. */
export type Evaluate = (values: ReadonlyMap<string, Json>) => number | Promise<number>

/** The suggestion that scores highest; where none scores higher than the present values, the first without its own. */
export async function bestByTrial(
  { variables }: Problem,
  suggestions: readonly Suggestion[],
  evaluate: Evaluate,
): Promise<Suggestion | undefined> {
  const present = new Map(variables.map(({ name, value }) => [name, value]))
  const before = await evaluate(present)
  const scores: number[] = []
  let best: Suggestion | undefined
  let most = before
  for (const suggestion of suggestions) {
    const score = await evaluate(new Map([...present, ...suggestion.values]))
    scores.push(score)
    if (!isBetter(score, most)) continue
    most = score
    best = suggestion
  }
  const [first] = suggestions
  if (best || !first) return best
  const stay = `The present values stay: they score ${before}, what was tried instead ${scores.join(', ')}.`
  return { ...first, values: new Map(), reasoning: `${first.reasoning}\n\n${stay}`.trim() }
}

import type { Json } from '@trace2/core'
import { showValue } from '@trace2/core'
import { type RankCorrelation, rankCorrelation } from '../trust/index.ts'

/** The correlation of scores with the length of the judged outputs. */
export interface LengthBias extends RankCorrelation {
  /** Whether longer (or shorter) outputs surely got better scores, and clearly so. */
  readonly isMarked: boolean
}

/** A correlation from which on length says much about the score. */
const marked = 0.3

/**
 * Returns the rank correlation of scores with the length of the outputs in characters. It shows a judge that prefers
 * long answers. Long answers may also be better; people have to tell which it is.
 *
 * @returns `undefined` for fewer than five scores, or if all are the same.
 */
export function lengthBias(
  judged: readonly { readonly output: Json; readonly score: number }[],
): LengthBias | undefined {
  const found = rankCorrelation(
    judged.map(({ output }) => showValue(output).length),
    judged.map(({ score }) => score),
  )
  if (!found) return undefined
  const isSure = found.low > 0 || found.high < 0
  return { ...found, isMarked: isSure && Math.abs(found.value) >= marked }
}

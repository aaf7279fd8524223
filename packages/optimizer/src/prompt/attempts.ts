import { parameterLabel, showValue } from '@trace2/core'
import type { Fence } from '@trace2/evaluation/prompt'
import { excerpt } from '@trace2/evaluation/prompt'
import { type Piece, REQUIRED } from './assemble.ts'
import type { Attempt } from './problem.ts'
import { band, rankOf } from './rank.ts'

const shortForm = 600

/**
 * Values that were tried, the best last as one reads them; where room is short, the best are kept. The present ones
 * stand among the variables and are only named here. If they are required, the question is about them: none is left out.
 */
export function attemptPieces(
  attempts: readonly Attempt[],
  fence: Fence,
  required = false,
): Piece[] {
  const worstFirst = attempts.toSorted(
    (a, b) => (a.score ?? Number.NEGATIVE_INFINITY) - (b.score ?? Number.NEGATIVE_INFINITY),
  )
  return worstFirst.map((attempt, at) => {
    const common = {
      ...(attempt.present ? { present: 'true' } : {}),
      ...(attempt.score === null ? {} : { score: attempt.score.toFixed(3) }),
      ...(attempt.runs === 0 ? {} : { runs: attempt.runs }),
    }
    const outcome = [scoresText(attempt), attempt.note].filter((words) => words !== '').join('\n')
    const text = (limit: number) => () =>
      (attempt.present
        ? fence.element('attempt', { number: at + 1, ...common }, '[the present values]')
        : [...attempt.values]
            .map(([name, value]) =>
              fence.element(
                'attempt',
                { number: at + 1, variable: parameterLabel(name), ...common },
                excerpt(showValue(value), limit, new Map()),
              ),
            )
            .join('')) +
      (outcome === ''
        ? ''
        : fence.element('outcome', { number: at + 1 }, excerpt(outcome, limit, new Map())))
    const worse = worstFirst.length - at
    return {
      section: 'Attempts',
      place: [at],
      steps: [
        { rank: required ? REQUIRED : rankOf(band.run, 0, worse), text: text(shortForm) },
        {
          rank: required ? rankOf(band.lead, 0) : rankOf(band.detail, 0, 5000 + worse),
          text: text(Number.POSITIVE_INFINITY),
        },
      ],
    }
  })
}

/** `thumb 0.62 in 25 runs; csat 0.25 in 15 runs`: where one name says it all, its score stands in the tag. */
function scoresText({ score, scores = [] }: Attempt): string {
  if (scores.length === 0 || (scores.length === 1 && score !== null)) return ''
  const parts = scores.map(({ name, mean, runs }) => `${name} ${mean.toFixed(3)} in ${runs} runs`)
  return `Mean scores from 0 (worst) to 1 (best): ${parts.join('; ')}.`
}

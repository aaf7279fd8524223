import { parameterLabel, showValue } from '../text/show.ts'
import { type Piece, REQUIRED } from './assemble.ts'
import { excerpt } from './excerpt.ts'
import type { Fence } from './fence.ts'
import type { Attempt } from './problem.ts'
import { band, rankOf } from './rank.ts'

const shortForm = 600

/**
 * Earlier values, the best last as one reads them; where room is short, the best are kept. If they are required, the
 * question is about them: none is left out.
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
    const text = (limit: number) => () =>
      [...attempt.values]
        .map(([name, value]) =>
          fence.element(
            'attempt',
            {
              number: at + 1,
              variable: parameterLabel(name),
              ...(attempt.score === null ? {} : { score: attempt.score.toFixed(3) }),
              ...(attempt.runs === 0 ? {} : { runs: attempt.runs }),
            },
            excerpt(showValue(value), limit, new Map()),
          ),
        )
        .join('') +
      (attempt.note === ''
        ? ''
        : fence.element('outcome', { number: at + 1 }, excerpt(attempt.note, limit, new Map())))
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

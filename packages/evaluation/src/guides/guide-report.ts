import { ordersDisagree } from './compare.ts'
import type { Guide, Subject } from './guide.ts'
import type { GuideScore } from './guide-score.ts'
import { type LengthBias, lengthBias } from './length-bias.ts'

/** The results of a guide over many subjects, and warnings about them. */
export interface GuideReport {
  /** Name of the guide. */
  readonly guide: string
  /** Number of subjects that have a score. */
  readonly scored: number
  /** Number of subjects that the guide could not judge. */
  readonly failed: number
  /** Standard deviation of one judgement around the mean of its subject. `null` if no subject was judged twice. */
  readonly noise: number | null
  /** Number of subjects that were judged more than once. The noise rests on these. */
  readonly repeated: number
  /** How the score depends on the length of the output. `null` if there are too few scores to tell. */
  readonly length: LengthBias | null
  /**
   * Share of comparisons in which the answer followed the order of the outputs, from 0 to 1. `null` for guides that do
   * not compare.
   */
  readonly ordersDisagree: number | null
  /** What a person should know before trusting the guide, in sentences. */
  readonly warnings: readonly string[]
}

/** A judge that differs so much from itself is heard better when it is asked more than once. */
const noisy = 0.15
/** As many comparisons as this must there be before the share that followed the order is called large. */
const fewestComparisons = 10
const largeShare = 0.3

export function reportOf(
  guide: Guide,
  subjects: readonly Subject[],
  scores: readonly (readonly GuideScore[])[],
  at: number,
): GuideReport {
  const own = scores.flatMap((each) => each[at] ?? [])
  const judged = scores.flatMap((each, index) => {
    const score = each[at]?.score ?? null
    const subject = subjects[index]
    return score === null || !subject ? [] : [{ output: subject.output, score }]
  })
  const { noise, repeated } = noiseOf(own.map(({ asks }) => asks))
  const length = lengthBias(judged) ?? null
  const compared = own.filter(({ label, score }) => score !== null && label !== null)
  const disagreed = compared.filter(({ label }) => label === ordersDisagree).length
  const isComparison = kindOf(guide) === 'compare' && compared.length > 0
  const share = isComparison ? disagreed / compared.length : null
  const warnings = [
    ...(guide.source === 'model' && length?.isMarked ? [lengthWarning(length)] : []),
    ...(noise !== null && noise >= noisy
      ? [
          `Asked again about the same output, its score differs by ${noise.toFixed(2)} (standard deviation): let it be asked several times.`,
        ]
      : []),
    ...(share !== null && share >= largeShare && compared.length >= fewestComparisons
      ? [
          `In ${disagreed} of ${compared.length} comparisons its answer followed the order of the outputs; these count as equal.`,
        ]
      : []),
  ]
  return {
    guide: guide.name,
    scored: judged.length,
    failed: own.length - judged.length,
    noise,
    repeated,
    length,
    ordersDisagree: share,
    warnings,
  }
}

function lengthWarning({ value, low, high, pairs }: LengthBias): string {
  const kind = value > 0 ? 'Longer' : 'Shorter'
  return `${kind} outputs got better scores (rank correlation ${value.toFixed(2)}, ${low.toFixed(2)} to ${high.toFixed(2)}, over ${pairs} outputs): read some, and see whether they are better or only ${kind.toLowerCase()}.`
}

/** The spread of asks around the mean of their subject, pooled over subjects. */
function noiseOf(asked: readonly (readonly number[])[]): {
  readonly noise: number | null
  readonly repeated: number
} {
  let squares = 0
  let degrees = 0
  let repeated = 0
  for (const asks of asked) {
    if (asks.length < 2) continue
    const mean = asks.reduce((sum, ask) => sum + ask, 0) / asks.length
    squares += asks.reduce((sum, ask) => sum + (ask - mean) ** 2, 0)
    degrees += asks.length - 1
    repeated++
  }
  return { noise: degrees === 0 ? null : Math.sqrt(squares / degrees), repeated }
}

function kindOf({ definition }: Guide): unknown {
  return typeof definition === 'object' && definition !== null
    ? Reflect.get(definition, 'kind')
    : undefined
}

import { normalUpperQuantile } from '../numeric/index.ts'
import { beyond, type Interval } from './interval.ts'
import { ranksOf } from './ranks.ts'

/** How well scores tell good from bad. */
export interface Separation extends Interval {
  /** Area under the ROC curve: how often something good has the higher score than something bad; equal scores count half. */
  readonly auc: number
  /** Number of things that are good. */
  readonly good: number
  /** Number of things that are bad. */
  readonly bad: number
}

/**
 * Returns the area under the ROC curve with a 95 % interval. The interval holds the areas that the data do not
 * contradict, by the variance of Hanley and McNeil in the symmetric form of Newcombe ("Confidence intervals for an
 * effect size measure based on the Mann-Whitney statistic, part 2", Statistics in Medicine 25, 2006, method 5). At 0.5
 * it is the test of Mann and Whitney.
 *
 * @returns `undefined` if all are good, or all are bad.
 */
export function separation(
  judged: readonly { readonly score: number; readonly isGood: boolean }[],
): Separation | undefined {
  const good = judged.filter(({ isGood }) => isGood).length
  const bad = judged.length - good
  if (good === 0 || bad === 0) return undefined
  const ranks = ranksOf(judged.map(({ score }) => score))
  const ofGood = ranks.reduce((sum, rank, at) => sum + (judged[at]?.isGood ? rank : 0), 0)
  const auc = (ofGood - (good * (good + 1)) / 2) / (good * bad)
  const q = normalUpperQuantile(beyond)
  const isNoSurprise = (area: number) =>
    Math.abs(auc - area) <= q * Math.sqrt(varianceOf(area, good, bad))
  return {
    auc,
    low: auc <= 0 ? 0 : 1 - edge((x) => isNoSurprise(1 - x), 1 - auc, 1),
    high: auc >= 1 ? 1 : edge(isNoSurprise, auc, 1),
    good,
    bad,
  }
}

function varianceOf(area: number, good: number, bad: number): number {
  const others = (good + bad) / 2 - 1
  const shared = (1 - area) / (2 - area) + area / (1 + area)
  return (area * (1 - area) * (1 + others * shared)) / (good * bad)
}

/** The last number from `from`, where it holds, to `to` at which a condition holds. */
function edge(holds: (value: number) => boolean, from: number, to: number): number {
  let [inside, outside] = [from, to]
  for (let step = 0; step < 50; step++) {
    const middle = (inside + outside) / 2
    if (holds(middle)) inside = middle
    else outside = middle
  }
  return inside
}

/** Chance that as many labels as are asked for show what they are asked for. */
const power = 0.8

/**
 * Returns the number of labels that shows, in four of five cases, that a judge of the given area tells good from bad.
 *
 * @param shareGood share of good things among the labelled ones.
 */
export function labelsToTell(area: number, shareGood: number): number {
  const share = Math.min(0.95, Math.max(0.05, shareGood))
  const isEnough = (labels: number) => {
    const [good, bad] = [labels * share, labels * (1 - share)]
    const [noise, spread] = [0.5, area].map((each) => Math.sqrt(varianceOf(each, good, bad)))
    const needed =
      normalUpperQuantile(beyond) * (noise ?? 0) + normalUpperQuantile(1 - power) * (spread ?? 0)
    return needed <= area - 0.5
  }
  let labels = 10
  while (!isEnough(labels) && labels < 1e6) labels *= 1.05
  return Math.ceil(labels)
}

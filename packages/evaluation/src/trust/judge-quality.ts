import { type Calibration, calibrate } from './calibration.ts'
import type { Labelled } from './isotonic.ts'
import { labelsToTell, type Separation, separation } from './separation.ts'

/**
 * - `useful`: the interval of its area lies above 0.5, it tells good from bad.
 * - `useless`: the interval holds 0.5, so that it may as well be guessing.
 * - `upside down`: the interval lies below 0.5, what is bad gets the better scores.
 * - `too few labels`: people have not found enough of both good and bad.
 */
export type JudgeState = 'useful' | 'useless' | 'upside down' | 'too few labels'

/** How good a judge is, by what people said of the same things. */
export interface JudgeQuality {
  /** Whether the judge is useful. */
  readonly state: JudgeState
  /** Number of things that both the judge and people have scored. */
  readonly labels: number
  /** The least score of people, from 0 to 1, from which something counts as good. */
  readonly goodAbove: number
  /** How well its scores tell good from bad; `null` if there are too few labels to tell. */
  readonly separation: Separation | null
  /** A map from its scores to those of people; `null` for a judge that is not useful, or with too few labels. */
  readonly calibration: Calibration | null
  /**
   * About how many labels more would tell whether it is of use, where that is open: for a judge as good as this one seems,
   * or with an area of 0.65, whichever is more. 0 where a judge like that would have shown by now.
   */
  readonly moreLabels: number | null
}

/** As few as this of good and of bad things say nothing about a judge. */
const fewestOfEach = 5
/** The area that is looked for in a judge that shows none: a weaker judge is hardly worth its labels. */
const worthFinding = 0.65

/** @param labelled scores of the judge with the mean score of people as label, all from 0 to 1. */
export function judgeQuality(labelled: readonly Labelled[], seed = 1): JudgeQuality {
  const labels = labelled.length
  const goodAbove = cutOf(labelled.map(({ label }) => label))
  const found = separation(
    labelled.map(({ score, label }) => ({ score, isGood: label > goodAbove })),
  )
  const state = stateOf(found)
  return {
    state,
    labels,
    goodAbove,
    separation: found ?? null,
    calibration: (state === 'useful' ? calibrate(labelled, seed) : undefined) ?? null,
    moreLabels: moreLabels(state, labels, found),
  }
}

function stateOf(found: Separation | undefined): JudgeState {
  if (!found || Math.min(found.good, found.bad) < fewestOfEach) return 'too few labels'
  if (found.low > 0.5) return 'useful'
  return found.high < 0.5 ? 'upside down' : 'useless'
}

function moreLabels(
  state: JudgeState,
  labels: number,
  found: Separation | undefined,
): number | null {
  if (state !== 'useless' && state !== 'too few labels') return null
  const shareGood = found ? found.good / labels : 0.5
  const area = state === 'useless' ? Math.max(found?.auc ?? 0, worthFinding) : worthFinding
  return Math.max(0, labelsToTell(area, shareGood) - labels)
}

/** The middle of the scale, as everywhere; where that has all on one side, the mean, so that better is told from worse. */
function cutOf(labels: readonly number[]): number {
  const above = labels.filter((label) => label > 0.5).length
  if (above > 0 && above < labels.length) return 0.5
  const mean = labels.reduce((sum, label) => sum + label, 0) / Math.max(labels.length, 1)
  return labels.some((label) => label !== labels[0]) ? mean : 0.5
}

import { seeded } from '../numeric/index.ts'
import { isotonicMap, type Labelled, type ScoreMap } from './isotonic.ts'
import { plattMap } from './platt.ts'

/** How scores are mapped to labels: by an isotonic function, or by a logistic one (Platt). */
export type CalibrationMethod = 'isotonic' | 'platt'

/** How far scores are from the labels that people gave. */
export interface CalibrationErrors {
  /** Mean squared distance of score and label. */
  readonly squaredError: number
  /**
   * The distance between a score and the mean label of everything with about this score. It is the root of the mean square over
   * bins of about equal size, less what chance alone contributes.
   */
  readonly calibrationError: number
}

/** A map from scores to what people say, and what it improves. */
export interface Calibration {
  /** How the map was learned. */
  readonly method: CalibrationMethod
  /** Number of labels that it was learned from. */
  readonly labels: number
  /** The calibrated value of any score, learned from all labels. */
  readonly map: ScoreMap
  /** Errors of each labelled score before the calibration. */
  readonly before: CalibrationErrors
  /** Errors of each labelled score after a calibration that did not use its label. Expect them of scores without a label. */
  readonly after: CalibrationErrors
}

/**
 * An isotonic map can take any rising form, but needs many labels for it; a logistic one has two numbers (Niculescu-Mizil
 * and Caruana, "Predicting good probabilities with supervised learning", 2005, find the turn between some hundred and
 * some thousand).
 */
const labelsForIsotonic = 500
/** With fewer labels, what was learned would be mostly luck. */
export const fewestLabels = 20
const folds = 5

/**
 * Learns a map from the scores of a judge to the labels that people gave.
 *
 * @returns `undefined` for fewer than 20 labels (`fewestLabels`).
 */
export function calibrate(labelled: readonly Labelled[], seed = 1): Calibration | undefined {
  const labels = labelled.length
  if (labels < fewestLabels) return undefined
  const method = labels >= labelsForIsotonic ? 'isotonic' : 'platt'
  const fit = method === 'isotonic' ? isotonicMap : plattMap
  const fold = foldsOf(labelled, seed)
  const outside: Labelled[] = []
  for (let left = 0; left < folds; left++) {
    const map = fit(labelled.filter((_, at) => fold[at] !== left))
    for (const [at, { score, label }] of labelled.entries()) {
      if (fold[at] === left) outside.push({ score: map(score), label })
    }
  }
  return {
    method,
    labels,
    map: fit(labelled),
    before: calibrationErrors(labelled),
    after: calibrationErrors(outside),
  }
}

/** A part of the labels for each, with about as many good and bad ones as any other. */
function foldsOf(labelled: readonly Labelled[], seed: number): number[] {
  const random = seeded(seed)
  const order = labelled
    .map(({ label }, at) => ({ at, label, lot: random() }))
    .sort((a, b) => a.label - b.label || a.lot - b.lot)
  const fold = labelled.map(() => 0)
  for (const [place, { at }] of order.entries()) fold[at] = place % folds
  return fold
}

const mostBins = 10
const fewestInBin = 10

export function calibrationErrors(labelled: readonly Labelled[]): CalibrationErrors {
  const count = labelled.length
  const squaredError =
    labelled.reduce((sum, { score, label }) => sum + (score - label) ** 2, 0) / count
  const bins = binsOf(labelled)
  const square = bins.reduce((sum, bin) => {
    const size = bin.length
    const score = meanOf(bin.map((each) => each.score))
    const label = meanOf(bin.map((each) => each.label))
    const spread = bin.reduce((rest, each) => rest + (each.label - label) ** 2, 0)
    const byLuck = size > 1 ? spread / (size - 1) / size : 0
    return sum + (size / count) * ((score - label) ** 2 - byLuck)
  }, 0)
  return { squaredError, calibrationError: Math.sqrt(Math.max(0, square)) }
}

/** Neighbours by score, about the same number in each bin; equal scores stay together. */
function binsOf(labelled: readonly Labelled[]): Labelled[][] {
  const size = Math.max(fewestInBin, Math.ceil(labelled.length / mostBins))
  const bins: Labelled[][] = []
  for (const each of labelled.toSorted((a, b) => a.score - b.score)) {
    const bin = bins.at(-1)
    if (!bin || (bin.length >= size && bin.at(-1)?.score !== each.score)) bins.push([each])
    else bin.push(each)
  }
  return bins
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

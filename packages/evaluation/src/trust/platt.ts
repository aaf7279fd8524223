import type { Labelled, ScoreMap } from './isotonic.ts'

const mostSteps = 100
const converged = 1e-10

/**
 * The logistic function of the score nearest to the labels, with the smoothed targets of Platt ("Probabilistic outputs for
 * support vector machines", 1999), so that labels which a score separates wholly do not become certainty. Two
 * numbers are learned, so that few labels do. A label may lie between 0 and 1.
 */
export function plattMap(labelled: readonly Labelled[]): ScoreMap {
  const good = labelled.reduce((sum, { label }) => sum + label, 0)
  const bad = labelled.length - good
  const [top, bottom] = [(good + 1) / (good + 2), 1 / (bad + 2)]
  const points = labelled.map(({ score, label }) => ({
    score,
    target: label * top + (1 - label) * bottom,
  }))
  let slope = 0
  let offset = Math.log((good + 1) / (bad + 1))
  let loss = lossOf(points, slope, offset)
  for (let step = 0; step < mostSteps; step++) {
    const [toSlope, toOffset] = newtonStep(points, slope, offset)
    let size = 1
    let next = lossOf(points, slope + toSlope, offset + toOffset)
    while (next > loss && size > 1e-6) {
      size /= 2
      next = lossOf(points, slope + size * toSlope, offset + size * toOffset)
    }
    if (!(next < loss)) break
    slope += size * toSlope
    offset += size * toOffset
    if (loss - next < converged) break
    loss = next
  }
  return (score) => logistic(slope * score + offset)
}

interface Point {
  readonly score: number
  readonly target: number
}

function newtonStep(
  points: readonly Point[],
  slope: number,
  offset: number,
): readonly [number, number] {
  // Keeps the equations solvable where all scores are the same.
  let [aa, ab, bb] = [1e-9, 0, 1e-9]
  let [a, b] = [0, 0]
  for (const { score, target } of points) {
    const p = logistic(slope * score + offset)
    const weight = p * (1 - p)
    aa += weight * score * score
    ab += weight * score
    bb += weight
    a += (target - p) * score
    b += target - p
  }
  const determinant = aa * bb - ab * ab
  if (!(determinant > 0)) return [0, b / bb]
  return [(bb * a - ab * b) / determinant, (aa * b - ab * a) / determinant]
}

/** Negative log likelihood, in a form that does not overflow. */
function lossOf(points: readonly Point[], slope: number, offset: number): number {
  return points.reduce((sum, { score, target }) => {
    const x = slope * score + offset
    return sum + Math.max(x, 0) - x * target + Math.log1p(Math.exp(-Math.abs(x)))
  }, 0)
}

function logistic(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x))
}

import type { Variable } from './prompt.ts'
import type { RequestedChange } from './requested-change.ts'

/**
 * Moves a number the way the feedback names, within its schema. Numbers in the words are bounds: "too low: 45
 * should have passed" asks for at least 45, "too high: 200 should not have" for less than 200. Without any, the
 * step is a tenth of the schema's range, or of the value; more for "far too low", less for "a little too low".
 */
export function improveNumber(
  { value, schema }: Variable,
  changes: readonly RequestedChange[],
): number {
  const current = Number(value)
  const exact = changes.flatMap(({ expected }) => {
    const wanted = Number(expected ?? Number.NaN)
    return Number.isFinite(wanted) ? [wanted] : []
  })
  const target = exact.length > 0 ? median(exact) : moved(current, changes, schema)
  return within(target, schema)
}

function moved(
  current: number,
  changes: readonly RequestedChange[],
  schema: Variable['schema'],
): number {
  const balance = changes.reduce((sum, { direction }) => sum + direction, 0)
  const lower = bounds(changes, 1).filter((bound) => bound > current)
  const upper = bounds(changes, -1)
  if (lower.length + upper.length === 0)
    return current + Math.sign(balance) * step(current, changes, schema)
  const candidates = [current, ...lower, ...upper.map(below), ...between(lower, upper)]
  // The candidate that the fewest bounds contradict; of several, the one nearest to the present value.
  const broken = (candidate: number) =>
    lower.filter((bound) => candidate < bound).length +
    upper.filter((bound) => candidate >= bound).length
  return candidates.reduce((best, candidate) => {
    const difference = broken(candidate) - broken(best)
    const nearer = Math.abs(candidate - current) < Math.abs(best - current)
    return difference < 0 || (difference === 0 && nearer) ? candidate : best
  })
}

function bounds(changes: readonly RequestedChange[], direction: -1 | 1): number[] {
  return changes.flatMap((change) => (change.direction === direction ? change.numbers : []))
}

function between(lower: readonly number[], upper: readonly number[]): number[] {
  if (lower.length === 0 || upper.length === 0) return []
  return [(Math.max(...lower) + Math.min(...upper)) / 2]
}

function below(bound: number): number {
  return bound - Math.max(Math.abs(bound) * 0.05, 0.01)
}

const shares = { far: 0.25, some: 0.1, little: 0.025 }

function step(
  current: number,
  changes: readonly RequestedChange[],
  schema: Variable['schema'],
): number {
  const { minimum, maximum } = schema
  const bounded = typeof minimum === 'number' && typeof maximum === 'number'
  const range = bounded ? maximum - minimum : Math.abs(current) || 1
  const distances = changes
    .filter((change) => change.direction !== 0)
    .map((change) => shares[change.distance])
  return range * median(distances)
}

function within(value: number, { minimum, maximum, type }: Variable['schema']): number {
  const low = typeof minimum === 'number' ? minimum : Number.NEGATIVE_INFINITY
  const high = typeof maximum === 'number' ? maximum : Number.POSITIVE_INFINITY
  const rounded = type === 'integer' ? Math.round(value) : Number(value.toPrecision(3))
  return Math.min(Math.max(rounded, low), high)
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

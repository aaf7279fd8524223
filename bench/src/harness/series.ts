import type { Figure } from './figure.ts'

/** What one figure was in each repetition of a measurement. */
export interface Series extends Omit<Figure, 'value'> {
  readonly values: readonly number[]
}

/** Series of the figures of some repetitions, in the order in which the first of them gave them. */
export function seriesOf(repetitions: readonly (readonly Figure[])[]): Series[] {
  const series = new Map<string, Series & { values: number[] }>()
  for (const { name, value, unit, better } of repetitions.flat()) {
    const known = series.get(name)
    if (known) known.values.push(value)
    else series.set(name, { name, unit, better, values: [value] })
  }
  return [...series.values()]
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[sorted.length >> 1] ?? Number.NaN
  const lower = sorted[(sorted.length - 1) >> 1] ?? Number.NaN
  return (lower + upper) / 2
}

export function spread(values: readonly number[]): readonly [number, number] {
  return [Math.min(...values), Math.max(...values)]
}

export type Change = 'better' | 'worse' | 'the same'

/**
 * How a figure compares with what it was: another one only where no value of the one lies within the spread of the other,
 * because a machine is noisier than most changes.
 */
export function change(before: Series, now: Series): Change {
  const [least, most] = spread(now.values)
  const [wasLeast, wasMost] = spread(before.values)
  if (least <= wasMost && wasLeast <= most) return 'the same'
  return least > wasMost === (now.better === 'more') ? 'better' : 'worse'
}

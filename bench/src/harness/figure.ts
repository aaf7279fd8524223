/** One number that a measurement gives. */
export interface Figure {
  readonly name: string
  readonly value: number
  /** What it counts: `spans/s`, `µs`, `MiB`; `×` for a ratio. */
  readonly unit: string
  readonly better: 'more' | 'less'
}

/**
 * Prints a figure, and hands it to the process that repeats the measurement, where there is one.
 *
 * @param better which way is an improvement. Default: more of what is counted per second, less of everything else.
 */
export function figure(
  name: string,
  value: number,
  unit: string,
  better: Figure['better'] = unit.endsWith('/s') ? 'more' : 'less',
): void {
  console.log(`${name.padEnd(64)} ${shown(value, unit).padStart(16)}`)
  process.send?.({ name, value, unit, better } satisfies Figure)
}

/** Whether a message is a figure. */
export function isFigure(message: unknown): message is Figure {
  const { name, value, unit, better }: Partial<Figure> = Object(message)
  return (
    typeof name === 'string' &&
    typeof value === 'number' &&
    typeof unit === 'string' &&
    (better === 'more' || better === 'less')
  )
}

/** A value with its unit, as exact as it can be trusted. */
export function shown(value: number, unit: string): string {
  return `${digits(value)} ${unit}`
}

export function digits(value: number): string {
  const size = Math.abs(value)
  const decimals = size >= 100 ? 0 : size >= 10 ? 1 : 2
  return value.toLocaleString('en', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  })
}

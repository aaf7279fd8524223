/** A value that a collector tells of itself. */
export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** Prometheus' exposition format as far as it is ours. */
export function samplesIn(text: string): Sample[] {
  return [...text.matchAll(/^(trace2_\w+)(?:\{([^\n]*)\})? (\S+)$/gm)].flatMap(
    ([, name = '', labels = '', number = '']) => {
      const value = Number(number)
      return Number.isFinite(value) ? [{ name, labels: labelsIn(labels), value }] : []
    },
  )
}

function labelsIn(text: string): Record<string, string> {
  const pairs = text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)
  const unescaped = (value: string) =>
    value.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character))
  return Object.fromEntries(
    Array.from(pairs, ([, name = '', value = '']) => [name, unescaped(value)]),
  )
}

import type { Paint } from '@trace2/render'
import type { Scores } from '../evaluation/evaluate.ts'

const steps = ['category', 'decision', 'reply', 'overall'] as const

/** A table of scores in per cent: a row per set of tickets, a column per step. */
export function scoreTable(
  rows: Readonly<Record<string, Scores>>,
  paint: Paint,
  heading: string,
): string[] {
  const width = Math.max(heading.length, ...Object.keys(rows).map((label) => label.length)) + 2
  const head = heading.padEnd(width) + steps.map((step) => step.padStart(10)).join('')
  return [
    paint('faint', head),
    ...Object.entries(rows).map(([label, scores]) => {
      const cells = steps.map((step) => percent(scores[step]).padStart(10))
      return label.padEnd(width) + cells.slice(0, -1).join('') + paint('strong', cells.at(-1) ?? '')
    }),
  ]
}

/** `0.6321` → `63 %`. */
export function percent(score: number): string {
  return `${Math.round(score * 100)} %`
}

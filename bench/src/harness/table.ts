import { digits } from './figure.ts'
import { alike, describe, type Machine } from './machine.ts'
import type { Saved } from './saved.ts'
import { change, median, type Series, spread } from './series.ts'

/** Lines that say what was measured, with its median and spread, beside what was saved. */
export function comparison(
  name: string,
  measured: readonly Series[],
  machine: Machine,
  baseline: Saved | undefined,
): string[] {
  const before = baseline?.measurements[name] ?? []
  const where = before.length > 0 ? baseline?.machine : undefined
  const comparable = where !== undefined && alike(where, machine)
  const lines = measured.map((series) => {
    const saved = before.find((one) => one.name === series.name)
    const compared =
      saved && (comparable || series.unit === '×') ? `  ${against(saved, series)}` : ''
    return `  ${series.name.padEnd(62)} ${withSpread(series)}${compared}`
  })
  const repetitions = Math.max(0, ...measured.map(({ values }) => values.length))
  const head = `${name}: median of ${repetitions}, and from the least to the most`
  const other =
    where && !comparable
      ? [`  Only ratios are compared: what was saved is of ${describe(where)}.`]
      : []
  return [head, ...lines, ...other]
}

export function withSpread({ values, unit }: Series): string {
  const [least, most] = spread(values)
  const range = values.length > 1 ? ` (${digits(least)} to ${digits(most)})` : ''
  return `${digits(median(values))} ${unit}${range}`
}

function against(before: Series, now: Series): string {
  const percent = (median(now.values) / median(before.values) - 1) * 100
  const sign = percent < 0 ? '−' : '+'
  return `was ${withSpread(before)}: ${sign}${Math.abs(percent).toFixed(0)} %, ${change(before, now)}`
}

/** The rows of a table in Markdown: each figure with its median and spread. */
export function markdown(series: readonly Series[]): string {
  const rows = series.map((one) => `| ${one.name} | ${withSpread(one)} |`)
  return ['| | median (least to most) |', '|---|---|', ...rows].join('\n')
}

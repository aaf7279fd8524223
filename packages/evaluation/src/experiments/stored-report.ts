import type { Json } from '@trace2/core'
import type { GateReport } from '../gate/index.ts'

/** What JSON has no number for: a limit that is not there yet. */
const signs: ReadonlyMap<string, number> = new Map([
  ['∞', Number.POSITIVE_INFINITY],
  ['−∞', Number.NEGATIVE_INFINITY],
])

/** A report as a verdict keeps it. */
export function storedReport(report: GateReport, planned: number): Json {
  const text = JSON.stringify({ ...report, planned }, (_, value: unknown) =>
    value === Number.POSITIVE_INFINITY ? '∞' : value === Number.NEGATIVE_INFINITY ? '−∞' : value,
  )
  return JSON.parse(text)
}

/** The report that a verdict has kept; `undefined` where it is none. */
export function readReport(stored: Json): GateReport | undefined {
  const read = JSON.parse(
    JSON.stringify(stored),
    (key, value: unknown) =>
      (typeof value === 'string' ? signs.get(value) : undefined) ?? limitOf(key, value),
  )
  return isReport(read) ? read : undefined
}

/** In verdicts of earlier releases nothing stands where a limit was not there yet. */
function limitOf(key: string, value: unknown): unknown {
  if (value !== null) return value
  if (key === 'upper' || key === 'eValue') return Number.POSITIVE_INFINITY
  return key === 'lower' ? Number.NEGATIVE_INFINITY : value
}

function isReport(report: unknown): report is GateReport {
  return (
    typeof report === 'object' &&
    report !== null &&
    'verdict' in report &&
    'counts' in report &&
    'guards' in report
  )
}

import { counted, formatCount } from '@trace2/core'
import type { Spent } from '@trace2/evaluation/llm'
import { formatScore } from '@trace2/render'

export { counted, formatCount }

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Local time to the minute: `Nov 23 10:31`; in another year `2025-11-23`, just as wide as need be. */
export function formatTime(iso: string, now: Date = new Date()): string {
  const time = new Date(iso)
  if (Number.isNaN(time.getTime())) return iso
  const two = (number: number) => String(number).padStart(2, '0')
  if (time.getFullYear() !== now.getFullYear()) {
    return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
  }
  const day = `${months[time.getMonth()]} ${String(time.getDate()).padStart(2)}`
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`
}

/** A mean score, or `–`. */
export function formatMaybeScore(score: number | null): string {
  return score === null ? '–' : formatScore(score)
}

/** `$0.0123`: two digits that say something; `unknown` where no price is known. */
export function formatCost(usd: number | null): string {
  if (usd === null) return 'unknown'
  if (usd === 0) return '$0'
  return `$${usd >= 1 ? usd.toFixed(2) : Number(usd.toPrecision(2)).toFixed(decimals(usd))}`
}

function decimals(usd: number): number {
  return Math.min(8, Math.max(2, 1 - Math.floor(Math.log10(usd))))
}

/** The first hexadecimal digits of ids, as many as tell them apart and at least eight. */
export function shortIds(ids: readonly string[]): ReadonlyMap<string, string> {
  const sorted = [...new Set(ids)].sort()
  return new Map(
    sorted.map((id, index) => {
      const shared = Math.max(
        sharedLength(id, sorted[index - 1] ?? ''),
        sharedLength(id, sorted[index + 1] ?? ''),
      )
      return [id, id.slice(0, Math.max(8, shared + 1))]
    }),
  )
}

function sharedLength(a: string, b: string): number {
  let length = 0
  while (length < a.length && length < b.length && a[length] === b[length]) length++
  return length
}

/** A version as people see it. */
export function shortVersion(version: string): string {
  return `@${version.slice(0, 8)}`
}

/** A cost within a sentence: `$0.0123`, or `cost unknown`. */
export function costText(usd: number | null): string {
  return usd === null ? 'cost unknown' : formatCost(usd)
}

/**
 * `3 model calls, 12,204 tokens in, 310 out, $0.012`; what no model was asked for costs nothing. What an endpoint did not
 * say is marked as an estimate.
 */
export function spentText({ calls, inputTokens, outputTokens, costUsd, estimated }: Spent): string {
  if (calls === 0) return 'no model call'
  const about = estimated ? 'about ' : ''
  const tokens = `${about}${counted(inputTokens, 'token')} in, ${formatCount(outputTokens)} out`
  return `${counted(calls, 'model call')}, ${tokens}${estimated ? ' (estimated)' : ''}, ${costText(costUsd)}`
}

/** A size in powers of ten, as the configuration file has them: `512 B`, `12.3 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`
}

import { InvalidArgumentError } from 'commander'

const unitMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/**
 * A moment as ISO 8601: so long ago (`30m`, `12h`, `7d`, `2w`), a date (its local midnight) or a date and time.
 * Made for commander: anything else is a usage error.
 */
export function parseTime(text: string, now: Date = new Date()): string {
  const ago = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text)
  if (ago?.[1] && ago[2]) {
    const time = new Date(now.getTime() - Number(ago[1]) * (unitMs[ago[2]] ?? 0))
    if (!Number.isNaN(time.getTime())) return time.toISOString()
  }
  if (/^\d{4}-\d{2}-\d{2}(?:$|[T ])/.test(text)) {
    const time = new Date(text.length === 10 ? `${text}T00:00` : text)
    if (!Number.isNaN(time.getTime())) return time.toISOString()
  }
  throw new InvalidArgumentError('Use 30m, 12h, 7d or 2w, or a date such as 2026-11-23.')
}

/** {@link parseTime} as commander calls it, with the value before as second argument. */
export function timeArgument(text: string): string {
  return parseTime(text)
}

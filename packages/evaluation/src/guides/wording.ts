import type { Json } from '@trace2/core'
import { showValue } from '@trace2/core'

const longest = 200

/** A value as a comment quotes it: on one line, shortened in the middle. */
export function quote(value: Json | undefined): string {
  if (value === undefined) return 'nothing'
  const text = showValue(value).replace(/\s+/g, ' ').trim()
  const characters = [...text]
  const shown =
    characters.length <= longest
      ? text
      : `${characters.slice(0, longest / 2).join('')} … ${characters.slice(-longest / 2).join('')}`
  return typeof value === 'string' ? `“${shown}”` : shown
}

/** The first few of what is wrong, and how many more there are. */
export function listed(faults: readonly string[], most = 5): string {
  const more = faults.length - most
  return faults.slice(0, most).join(' ') + (more > 0 ? ` And ${more} more.` : '')
}

/** Between 0 and 1. */
export function share(part: number, whole: number): number {
  return whole === 0 ? 1 : Math.min(1, Math.max(0, part / whole))
}

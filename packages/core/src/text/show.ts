import type { Json } from '../canonical.ts'

/** A value as a reader sees it: a string as it is, everything else as JSON. */
export function showValue(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

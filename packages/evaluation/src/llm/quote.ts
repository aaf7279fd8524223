import { printable } from '@trace2/core'

/** Most that is quoted of what an endpoint said. */
const longest = 200

/** Keys as providers write them; an endpoint that refuses one may repeat it. */
const keys =
  /\b((?:sk|pk|rk|gsk|xai|hf|api|key|AIza)[-_]?)[A-Za-z0-9_*-]{10,}|(Bearer\s+)[^\s"',]{8,}/g

/**
 * What an endpoint said, for an error message: its first 200 characters on one line, safe to print, without keys.
 *
 * @example quoted('Bad key: sk-abcdefghijklmnop') // '"Bad key: sk-…"'
 */
export function quoted(text: string): string {
  const line = withoutKeys(text).replace(/\s+/g, ' ').trim()
  const start = line.slice(0, longest).toWellFormed()
  return `"${printable(start)}${line.length > longest ? '…' : ''}"`
}

function withoutKeys(text: string): string {
  // A key that begins within the quote ends soon after it.
  return text.slice(0, 20 * longest).replace(keys, '$1$2…')
}

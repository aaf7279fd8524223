import { property } from './property.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** No limit is longer; what says so is no time. */
const longest = 366 * day

/** Units as words and headers write them; of units that begin alike, the longer one first. */
const units: readonly (readonly [name: string, ms: number])[] = [
  ['milliseconds?|millis|msecs?|ms', 1],
  ['microseconds?|[uµμ]s', 1 / 1000],
  ['nanoseconds?|ns', 1 / 1_000_000],
  ['seconds?|secs?|s', second],
  ['minutes?|mins?|m', minute],
  ['hours?|hrs?|h', hour],
  ['days?|d', day],
]
const unit = String.raw`(?:${units.map(([name]) => name).join('|')})(?![\p{L}_])`
const amount = String.raw`(?:\d+(?:\.\d+)?|\.\d+|\b(?:an?|one)(?=\s))`
const part = String.raw`${amount}\s{0,3}${unit}`
/** `20s`, `1m30s`, `1 hour and 5 minutes`, `a minute`. */
const duration = String.raw`${part}(?:[\s,]{0,3}(?:and\s{1,3})?${part}){0,5}`
const moment = String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:\s?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?`

const isDuration = new RegExp(`^${duration}$`, 'iu')
const parts = new RegExp(String.raw`(${amount})\s{0,3}(${unit})`, 'giu')
/** What says that something is possible again, and when. */
const words = new RegExp(
  String.raw`\b(?:again|retry(?:ing)?|wait(?:ing)?|resets?|available|sleep)\b[^.!?\d]{0,30}?\b(?:(?<duration>${duration})|(?<moment>${moment}))`,
  'iu',
)
/** `Retry-After: 20`, `retry after 20.`, `retry_delay { seconds: 20 }`: seconds that are not called so. */
const bare =
  /\bretry(?:[ _-]?after(?: in)?|[ _-]?delay)[\s:=]{1,3}(?:\{\s{0,9}seconds:\s{0,3})?(\d+(?:\.\d+)?)(?!\d|\.\d|\s{0,3}[\p{L}%/-])/iu

/**
 * Milliseconds after which an endpoint says in words that it may be asked again.
 *
 * @example waitInWords('Please try again in 1m30s.') // 90000
 */
export function waitInWords(text: string, now = Date.now()): number | undefined {
  const said = text.slice(0, 4000)
  const found = words.exec(said)?.groups
  const wait = waitOf(found?.duration ?? found?.moment, now)
  return wait ?? waitOf(bare.exec(said)?.[1], now)
}

/** Levels of an error that are looked into, and members of a list. */
const deepest = 8
const mostMembers = 20

/**
 * Milliseconds that the members of an error say: Google's `RetryInfo` with its `retryDelay`, `retry_after`, and the
 * headers of another endpoint, which a gateway passes on.
 */
export function waitInError(error: unknown, now = Date.now(), depth = 0): number | undefined {
  if (depth > deepest) return undefined
  const value = typeof error === 'string' ? parsed(error) : error
  if (typeof value !== 'object' || value === null) return undefined
  let inner: number | undefined
  for (const [name, member] of Object.entries(value).slice(0, mostMembers)) {
    const [, unitName] = memberNames.exec(name) ?? []
    const own = unitName === undefined ? undefined : waitOfMember(member, unitName, now)
    if (own !== undefined) return own
    if (name === 'headers') inner ??= waitInHeaders(member, now) ?? resetInHeaders(member, now)
    inner ??= waitInError(member, now, depth + 1)
  }
  return inner
}

const memberNames =
  /^retry[-_]?(?:delay|after)[-_]?((?:ms|millis|milliseconds|s|sec|secs|seconds|in)?)$/i

function waitOfMember(member: unknown, unitName: string, now: number): number | undefined {
  const seconds = Number(property(member, 'seconds') ?? Number.NaN)
  if (seconds >= 0) return plausible(seconds * second)
  const text = typeof member === 'number' ? String(member) : member
  return waitOf(text, now, /^m/i.test(unitName) ? 1 : second)
}

function parsed(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return undefined
  try {
    const inside: unknown = JSON.parse(text)
    return inside
  } catch {
    return undefined
  }
}

/** Milliseconds that `retry-after-ms` or `retry-after` say. */
export function waitInHeaders(headers: unknown, now = Date.now()): number | undefined {
  const all = headersOf(headers)
  return waitOf(all.get('retry-after-ms'), now, 1) ?? waitOf(all.get('retry-after'), now, second)
}

/** A bare number that is larger is no number of seconds: a limit is renewed within a day. */
const mostSeconds = 86_400

/**
 * Milliseconds until a limit is renewed, by the headers that tell of limits: `x-ratelimit-reset-tokens` and its kin, in
 * seconds, milliseconds, durations or as a moment. Of limits that are said to be exhausted the last one counts, of others
 * the first: which of them it was is not known then.
 */
export function resetInHeaders(headers: unknown, now = Date.now()): number | undefined {
  const all = headersOf(headers)
  const resets: { readonly wait: number; readonly exhausted: boolean }[] = []
  const add = (wait: number | undefined, remaining: string | undefined) => {
    if (wait !== undefined) resets.push({ wait, exhausted: Number(remaining ?? Number.NaN) === 0 })
  }
  for (const [name, value] of all) {
    if (/^(?:x-)?ratelimit$/.test(name)) {
      const member = (names: string) => new RegExp(`\\b(?:${names})=(\\d+)`).exec(value)?.[1]
      add(waitOf(member('reset|t'), now), member('remaining|r'))
    } else if (/rate-?limit/.test(name) && /-reset(?:-|$)/.test(name)) {
      const isMilliseconds = /-(?:ms|millis)$/.test(name) || Number(value) > mostSeconds
      const remaining = name.replace('reset', 'remaining').replace(/-(?:ms|millis|after)$/, '')
      add(waitOf(value, now, isMilliseconds ? 1 : second), all.get(remaining))
    }
  }
  const exhausted = resets.filter((reset) => reset.exhausted).map(({ wait }) => wait)
  if (exhausted.length > 0) return Math.max(...exhausted)
  return resets.length === 0 ? undefined : Math.min(...resets.map(({ wait }) => wait))
}

/** By lower-case name, whichever class or object they come in. */
function headersOf(headers: unknown): ReadonlyMap<string, string> {
  const all = new Map<string, string>()
  if (typeof headers !== 'object' || headers === null) return all
  const entries = property(headers, 'entries')
  const given: unknown =
    typeof entries === 'function' ? entries.call(headers) : Object.entries(headers)
  for (const [name, value] of given as Iterable<[unknown, unknown]>) {
    all.set(String(name).toLowerCase(), String(value).trim())
  }
  return all
}

const epochSeconds = 1e9
const epochMilliseconds = 1e12

/** A number in the unit given or since 1970, a duration, or a moment; what lies in the past says nothing. */
function waitOf(given: unknown, now: number, bareUnit = second): number | undefined {
  if (typeof given !== 'string' || given.trim() === '') return undefined
  const text = given.trim()
  const number = Number(text)
  if (!Number.isNaN(number)) {
    if (number >= epochMilliseconds) return plausible(number - now)
    return plausible(number >= epochSeconds ? number * second - now : number * bareUnit)
  }
  return plausible(isDuration.test(text) ? durationOf(text) : momentOf(text) - now)
}

function durationOf(text: string): number {
  let sum = 0
  for (const [, number = '', name = ''] of text.matchAll(parts)) {
    const [, ms = 0] = units.find(([names]) => new RegExp(`^(?:${names})$`, 'iu').test(name)) ?? []
    sum += (/\d/.test(number) ? Number(number) : 1) * ms
  }
  return sum
}

/** Without a zone it is that of Greenwich. */
function momentOf(text: string): number {
  if (!/^\d{4}-/.test(text)) return Date.parse(text)
  const iso = text
    .replace(' ', 'T')
    .replace(/\s?(?:UTC|GMT)$/i, 'Z')
    .replace(/\s/, '')
  return Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/i.test(iso) ? iso : `${iso}Z`)
}

function plausible(ms: number): number | undefined {
  return ms > 0 && ms <= longest ? Math.ceil(ms) : undefined
}

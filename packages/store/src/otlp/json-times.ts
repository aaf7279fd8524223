import { objectOf } from './json-values.ts'
import { SpanRejection } from './rejection.ts'
import { shownTime } from './times.ts'

/** A date with its time and its zone, as ISO 8601 writes it; some write a blank for the `T`. */
const isoTime = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?(Z|[+-]\d\d:?\d\d)$/i
const decimal = /^\+?(\d{1,40})(?:\.(\d+))?$/
const exponent = /^\d+(?:\.\d+)?e\+?\d{1,2}$/i

/** Units in which some write times, as digits after a second. What such a number would be in nanoseconds is in January 1970. */
const units = [
  { from: 10n ** 9n, digits: 0 },
  { from: 10n ** 12n, digits: 3 },
  { from: 10n ** 15n, digits: 6 },
]
const NANOSECOND_DIGITS = 9
const LONGEST_SHOWN = 40

/**
 * The time of a span or a log: nanoseconds since 1970, as number or text. Some write it as ISO 8601, in seconds, milliseconds or
 * microseconds since 1970, or in the two numbers that JavaScript's SDK has within.
 *
 * @returns `undefined` for what is no time; 0 where there is none.
 */
export function timeOf(value: unknown): bigint | undefined {
  if (value === undefined || value === null || value === '') return 0n
  if (typeof value === 'string') {
    // What nearly all senders write.
    return /^\d{17,19}$/.test(value) ? BigInt(value) : ofText(value)
  }
  if (typeof value === 'number') return ofNumber(value)
  return ofPair(value)
}

/** @throws {SpanRejection} for what is no time, or one that no view can show. */
export function givenTime(name: string, value: unknown): bigint {
  const time = timeOf(value)
  if (time !== undefined) return shownTime(name, time)
  const written = String(JSON.stringify(value)).slice(0, LONGEST_SHOWN)
  throw new SpanRejection(
    `${name} is neither nanoseconds since 1970 nor ISO 8601 with a zone: ${written}`,
  )
}

function ofText(text: string): bigint | undefined {
  const [, whole, part] = decimal.exec(text) ?? []
  if (whole !== undefined) return scaled(BigInt(whole), part)
  if (exponent.test(text)) return ofNumber(Number(text))
  const [, date, time, fraction = '', zone] = isoTime.exec(text) ?? []
  if (date === undefined) return undefined
  const seconds = Date.parse(`${date}T${time}${zone}`) / 1000
  if (Number.isNaN(seconds) || seconds < 0) return undefined
  return BigInt(seconds) * 10n ** 9n + digitsOf(fraction, NANOSECOND_DIGITS)
}

function ofNumber(number: number): bigint | undefined {
  if (!Number.isFinite(number) || number < 0) return undefined
  if (Number.isInteger(number)) return scaled(BigInt(number))
  // Whole numbers are exact as they are; of others the digits are what was meant.
  const [, whole = '0', part] = decimal.exec(String(number)) ?? []
  return scaled(BigInt(whole), part)
}

function scaled(whole: bigint, part = ''): bigint {
  const unit = units.find(({ from }) => whole >= from && whole < from * 10n)
  if (!unit) return whole
  const missing = NANOSECOND_DIGITS - unit.digits
  return whole * 10n ** BigInt(missing) + digitsOf(part, missing)
}

function digitsOf(text: string, count: number): bigint {
  return BigInt(text.slice(0, count).padEnd(count, '0'))
}

/** Seconds and nanoseconds, or the low and the high half of a number of 64 bits. */
function ofPair(value: unknown): bigint | undefined {
  if (Array.isArray(value)) {
    const [seconds, rest]: readonly unknown[] = value
    if (value.length !== 2 || !isCount(seconds) || !isCount(rest) || rest >= 1e9) return undefined
    return BigInt(seconds) * 10n ** 9n + BigInt(rest)
  }
  const { low, high } = objectOf(value) ?? {}
  if (!Number.isInteger(low) || !Number.isInteger(high)) return undefined
  return (BigInt(Number(high) >>> 0) << 32n) | BigInt(Number(low) >>> 0)
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

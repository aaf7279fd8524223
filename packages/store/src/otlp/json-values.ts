import type { AnyValue, Attributes } from './records.ts'
import { MAX_DEPTH, SpanRejection } from './rejection.ts'

type JsonObject = { readonly [key: string]: unknown }

/** Returns a value that is an object, and `undefined` for anything else. */
export function objectOf(value: unknown): JsonObject | undefined {
  return isObject(value) ? value : undefined
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * A member by its lowerCamelCase name, by the snake_case name that some producers write, or by the name that OTLP had for it up
 * to 0.15.
 */
export function member(value: unknown, name: string): unknown {
  if (!isObject(value)) return undefined
  // The names are ours, and none is one that every object has: what is found is what was sent.
  const found = value[name]
  if (found !== undefined) return found ?? undefined
  for (const other of otherNames(name)) {
    const under = value[other]
    if (under !== undefined) return under ?? undefined
  }
  return undefined
}

/** The name under which {@link member} finds a member. */
export function nameOf(value: unknown, name: string): string {
  const object = objectOf(value) ?? {}
  if (Object.hasOwn(object, name)) return name
  return otherNames(name).find((other) => object[other] !== undefined) ?? name
}

const oldNames: Readonly<Record<string, string>> = {
  scopeSpans: 'instrumentationLibrarySpans',
  scopeLogs: 'instrumentationLibraryLogs',
  scope: 'instrumentationLibrary',
}
const known = new Map<string, readonly string[]>()

/** Of names of ours only, of which there are few. */
export function otherNames(name: string): readonly string[] {
  const found = known.get(name)
  if (found !== undefined) return found
  const old = oldNames[name]
  const names = [snakeCase(name), ...(old === undefined ? [] : [old, snakeCase(old)])]
  const others = names.filter((other) => other !== name)
  known.set(name, others)
  return others
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

export function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** Returns a value that is a text, and an empty text for anything else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** A 32-bit count or flag, as number or decimal string. */
export function integer(value: unknown): number {
  const number = typeof value === 'string' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number)
    ? Math.min(Math.max(Math.trunc(number), 0), 0xffff_ffff)
    : 0
}

const MAX_NANOSECONDS = 2n ** 64n - 1n

/** An unsigned 64-bit time, as number or decimal string; what is negative or no number is 0. */
export function nanoseconds(value: unknown): bigint {
  const time = wholeNumber(value) ?? 0n
  return time < 0n ? 0n : time > MAX_NANOSECONDS ? MAX_NANOSECONDS : time
}

/** A date with its time and its zone, as ISO 8601 writes it. */
const isoTime = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?(Z|[+-]\d\d:?\d\d)$/

/** Whether a value is such a text. */
export function isIsoTime(value: unknown): boolean {
  return typeof value === 'string' && isoTime.test(value)
}

/**
 * The time of a span or a log. Some write it as ISO 8601, or in milliseconds or microseconds since 1970: what would be an hour of
 * 1 January 1970 in nanoseconds is a time since 2001 in milliseconds, and likewise the days of that January in microseconds.
 */
export function timeOf(value: unknown): bigint {
  const [, date, fraction = '', zone] = typeof value === 'string' ? (isoTime.exec(value) ?? []) : []
  if (date !== undefined) {
    const seconds = Date.parse(`${date}${zone}`) / 1000
    if (Number.isNaN(seconds) || seconds < 0) return 0n
    return BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'))
  }
  const time = nanoseconds(value)
  if (time >= 1_000_000_000_000n && time < 10_000_000_000_000n) return time * 1_000_000n
  if (time >= 1_000_000_000_000_000n && time < 10_000_000_000_000_000n) return time * 1000n
  return time
}

function wholeNumber(value: unknown): bigint | undefined {
  if (typeof value === 'number') {
    return Number.isFinite(value) ? BigInt(Math.trunc(value)) : undefined
  }
  return typeof value === 'string' && /^[+-]?\d{1,40}$/.test(value) ? BigInt(value) : undefined
}

/** An attribute list as a Map; of a repeated key the last value counts. */
export function attributesOf(value: unknown, depth = 0): Attributes {
  const attributes = new Map<string, AnyValue>()
  for (const entry of items(value)) {
    if (!isObject(entry)) continue
    const { key, value: held } = entry
    if (typeof key === 'string') attributes.set(key, anyValue(held, depth))
  }
  return attributes
}

/** Reads an OTLP `AnyValue` of the JSON encoding. */
export function anyValue(value: unknown, depth = 0): AnyValue {
  if (depth > MAX_DEPTH) throw new SpanRejection(`a value is nested deeper than ${MAX_DEPTH}`)
  if (!isObject(value)) return null
  if (typeof value.stringValue === 'string') return value.stringValue
  const string = member(value, 'stringValue')
  if (string !== undefined) return typeof string === 'string' ? string : String(string)
  const boolean = member(value, 'boolValue')
  if (boolean !== undefined) return boolean === true || boolean === 'true'
  if (hasMember(value, 'intValue')) return intValue(member(value, 'intValue'))
  if (hasMember(value, 'doubleValue')) return doubleValue(member(value, 'doubleValue'))
  const list = member(value, 'arrayValue')
  if (list !== undefined) return items(member(list, 'values')).map((v) => anyValue(v, depth + 1))
  const map = member(value, 'kvlistValue')
  if (map !== undefined) return attributesOf(member(map, 'values'), depth + 1)
  const bytes = member(value, 'bytesValue')
  if (typeof bytes === 'string') return Uint8Array.from(Buffer.from(bytes, 'base64'))
  return null
}

function hasMember(value: JsonObject, name: string): boolean {
  return Object.hasOwn(value, name) || member(value, name) !== undefined
}

/**
 * The stock JavaScript exporter writes any whole number as intValue, `1e21` included. What does not fit 64 bits
 * was a double and stays one.
 */
function intValue(value: unknown): AnyValue {
  const whole = wholeNumber(value)
  if (whole === undefined) return typeof value === 'string' ? value : null
  return BigInt.asIntN(64, whole) === whole ? whole : Number(whole)
}

/** `null` is what the stock JavaScript exporter makes of NaN and the infinities. */
function doubleValue(value: unknown): AnyValue {
  if (value === undefined) return Number.NaN
  if (typeof value === 'number') return value
  return typeof value === 'string' ? Number(value) : null
}

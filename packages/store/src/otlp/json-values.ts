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

import { withIds } from '../json-numbers.ts'
import { type AnyValue, type Attributes, valueJson } from '../otlp/index.ts'
import { jsonString } from '../utf8-writer.ts'
import { isTooDeep } from './json.ts'
import type { Captured } from './rows.ts'

/** A text attribute that is not empty. */
export function textAt(attributes: Attributes, key: string): string | null {
  const value = attributes.get(key)
  return typeof value === 'string' && value !== '' ? value : null
}

/** A number attribute, however it was written; `null` where it is none or not finite. */
export function numberAt(attributes: Attributes, key: string): number | null {
  const value = attributes.get(key)
  const number =
    typeof value === 'string' && value.trim() !== '' ? Number(value) : bigintToNumber(value)
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}

function bigintToNumber(value: AnyValue | undefined): AnyValue | undefined {
  return typeof value === 'bigint' ? Number(value) : value
}

export function booleanAt(attributes: Attributes, key: string): boolean {
  const value = attributes.get(key)
  return value === true || value === 'true'
}

/** The value of a key as captured JSON: a text is JSON if it says so by parsing, other values are JSON already. */
export function capturedAt(attributes: Attributes, key: string, mime?: string): Captured | null {
  const value = attributes.get(key)
  if (value === undefined || value === null) return null
  if (typeof value !== 'string') {
    const json = withIds(valueJson(value))
    return { text: json, plain: false, json }
  }
  return capturedText(value, attributes.get(mime ?? '') === 'text/plain')
}

export function capturedText(text: string, plain: boolean): Captured {
  const wellFormed = text.toWellFormed()
  if (plain || !/^\s*[[{"\-0-9tfn]/.test(wellFormed) || isTooDeep(wellFormed)) {
    return capturedPlain(wellFormed)
  }
  try {
    // Who reads the text later would round an id.
    const exact = withIds(wellFormed)
    const value: unknown = JSON.parse(exact, wellFormedStrings(exact))
    // DuckDB's parser refuses an escaped lone surrogate, which this one accepts.
    const kept = hasEscapedSurrogate(exact) ? JSON.stringify(value) : exact
    return { text: kept, plain: false, json: kept, value }
  } catch {
    return capturedPlain(wellFormed)
  }
}

export function capturedPlain(wellFormed: string): Captured {
  return { text: wellFormed, plain: true, json: jsonString(wellFormed) }
}

/** Whether there is an escaped surrogate in a JSON text. Hardly any text has escapes of that kind at all. */
function hasEscapedSurrogate(text: string): boolean {
  return text.includes('\\u') && /\\ud[89a-f]/i.test(text)
}

function wellFormedStrings(text: string): ((key: string, value: unknown) => unknown) | undefined {
  if (!hasEscapedSurrogate(text)) return undefined
  return (_key, value) => (typeof value === 'string' ? value.toWellFormed() : value)
}

/** The JSON value. */
export function parseCaptured(captured: Captured): unknown {
  if (captured.plain) return captured.text
  return 'value' in captured ? captured.value : JSON.parse(captured.text)
}

import { memoizeByName } from '../memoize-by-name.ts'
import { jsonString, Utf8Writer } from '../utf8-writer.ts'
import type { AnyValue, Attributes } from './records.ts'

/** JSON that stands for a text which is kept elsewhere; `undefined` to leave the text where it is. */
export type StandIn = (text: string) => string | undefined

const inPlace: StandIn = () => undefined

/**
 * Attributes as one JSON object from which every value can be told again: integers are JSON integers of any size,
 * doubles always have a fraction or an exponent, and what JSON lacks is wrapped: `{"doubleValue":"NaN"}`,
 * `{"bytesValue":"<base64>"}`, and a text kept elsewhere by what stands for it. A real map that looks like a
 * wrapper is itself wrapped in `{"kvlistValue":{…}}`.
 */
export function attributesJson(attributes: Attributes): string {
  const out = new Utf8Writer()
  writeAttributes(out, attributes, inPlace)
  return out.toString()
}

/** Writes `attributesJson`. */
export function writeAttributes(out: Utf8Writer, attributes: Attributes, standIn: StandIn): void {
  const start = out.length
  for (const [key, value] of attributes) {
    out.text(memberName(key))
    writeValue(out, value, standIn)
  }
  if (out.length === start) out.text('{')
  else out.bytes[start] = OPENING_BRACE
  out.text('}')
}

/** One value in the notation of `attributesJson`. */
export function valueJson(value: AnyValue): string {
  const out = new Utf8Writer()
  writeValue(out, value, inPlace)
  return out.toString()
}

function writeValue(out: Utf8Writer, value: AnyValue, standIn: StandIn): void {
  if (typeof value === 'string') {
    const other = standIn(value)
    if (other === undefined) out.json(value)
    else out.text(other)
  } else if (typeof value !== 'object' || value === null) out.text(scalarJson(value))
  else if (value instanceof Uint8Array) {
    out.text(`{"bytesValue":"${Buffer.from(value).toString('base64')}"}`)
  } else if (isList(value)) {
    out.text('[')
    for (const [index, item] of value.entries()) {
      if (index > 0) out.text(',')
      writeValue(out, item, standIn)
    }
    out.text(']')
  } else {
    const wrapped = looksWrapped(value)
    if (wrapped) out.text('{"kvlistValue":')
    writeAttributes(out, value, standIn)
    if (wrapped) out.text('}')
  }
}

function scalarJson(value: null | boolean | bigint | number): string {
  return typeof value === 'number' ? double(value) : String(value)
}

/** Tells whether an attribute value is a list. */
export function isList(value: AnyValue): value is readonly AnyValue[] {
  return Array.isArray(value)
}

const wrappers = new Set(['doubleValue', 'bytesValue', 'contentValue', 'kvlistValue'])

function looksWrapped(map: Attributes): boolean {
  if (map.size !== 1) return false
  for (const key of map.keys()) return wrappers.has(key)
  return false
}

/** With the comma before it, in whose place the first one has the opening brace. */
const memberName = memoizeByName((name) => `,${jsonString(name)}:`)
const OPENING_BRACE = 0x7b

function double(value: number): string {
  if (!Number.isFinite(value)) return `{"doubleValue":"${value}"}`
  if (Object.is(value, -0)) return '-0.0'
  const text = String(value)
  return /[.e]/.test(text) ? text : `${text}.0`
}

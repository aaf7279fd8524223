import { remembering } from '../remembering.ts'
import type { AnyValue, Attributes } from './model.ts'

/** JSON that stands for a text which is kept elsewhere; `undefined` to leave the text where it is. */
export type StandIn = (text: string) => string | undefined

const inPlace: StandIn = () => undefined

/**
 * Attributes as one JSON object from which every value can be told again: integers are JSON integers of any size,
 * doubles always have a fraction or an exponent, and what JSON lacks is wrapped: `{"doubleValue":"NaN"}`,
 * `{"bytesValue":"<base64>"}`, and a text kept elsewhere by what stands for it. A real map that looks like a
 * wrapper is itself wrapped in `{"kvlistValue":{…}}`.
 */
export function attributesJson(attributes: Attributes, standIn: StandIn = inPlace): string {
  let text = '{'
  for (const [key, value] of attributes) {
    text += `${text.length > 1 ? ',' : ''}${quotedName(key)}:${valueJson(value, standIn)}`
  }
  return `${text}}`
}

/** One value in the notation of {@link attributesJson}. */
export function valueJson(value: AnyValue, standIn: StandIn = inPlace): string {
  if (value === null) return 'null'
  switch (typeof value) {
    case 'string':
      return standIn(value) ?? quoted(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'bigint':
      return value.toString()
    case 'number':
      return double(value)
  }
  if (value instanceof Uint8Array) {
    return `{"bytesValue":"${Buffer.from(value).toString('base64')}"}`
  }
  if (isList(value)) return `[${value.map((item) => valueJson(item, standIn)).join(',')}]`
  const map = attributesJson(value, standIn)
  return looksWrapped(value) ? `{"kvlistValue":${map}}` : map
}

export function isList(value: AnyValue): value is readonly AnyValue[] {
  return Array.isArray(value)
}

const wrappers = new Set(['doubleValue', 'bytesValue', 'contentValue', 'kvlistValue'])

function looksWrapped(map: Attributes): boolean {
  if (map.size !== 1) return false
  for (const key of map.keys()) return wrappers.has(key)
  return false
}

/** DuckDB's JSON functions refuse lone surrogates; they become U+FFFD, as UTF-8 has it. */
function quoted(text: string): string {
  return JSON.stringify(text.toWellFormed())
}

const quotedName = remembering(quoted)

function double(value: number): string {
  if (!Number.isFinite(value)) return `{"doubleValue":"${value}"}`
  if (Object.is(value, -0)) return '-0.0'
  const text = String(value)
  return /[.e]/.test(text) ? text : `${text}.0`
}

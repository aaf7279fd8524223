import type { AnyValue, Attributes } from './model.ts'

/** Puts a long text elsewhere and returns its key there, or `undefined` to leave it where it is. */
export type Keep = (text: string) => string | undefined

const inPlace: Keep = () => undefined

/**
 * Attributes as one JSON object from which every value can be told again: integers are JSON integers of any size,
 * doubles always have a fraction or an exponent, and what JSON lacks is wrapped: `{"doubleValue":"NaN"}`,
 * `{"bytesValue":"<base64>"}`, `{"contentValue":"<key>"}` for a text kept elsewhere. A real map that looks like a
 * wrapper is itself wrapped in `{"kvlistValue":{…}}`.
 */
export function attributesJson(attributes: Attributes, keep: Keep = inPlace): string {
  let text = '{'
  for (const [key, value] of attributes) {
    text += `${text.length > 1 ? ',' : ''}${quoted(key)}:${valueJson(value, keep)}`
  }
  return `${text}}`
}

/** One value in the notation of {@link attributesJson}. */
export function valueJson(value: AnyValue, keep: Keep = inPlace): string {
  if (value === null) return 'null'
  switch (typeof value) {
    case 'string': {
      const key = keep(value)
      return key === undefined ? quoted(value) : `{"contentValue":"${key}"}`
    }
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
  if (isList(value)) return `[${value.map((item) => valueJson(item, keep)).join(',')}]`
  const map = attributesJson(value, keep)
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

function double(value: number): string {
  if (!Number.isFinite(value)) return `{"doubleValue":"${value}"}`
  if (Object.is(value, -0)) return '-0.0'
  const text = String(value)
  return /[.e]/.test(text) ? text : `${text}.0`
}

import { withNumbers } from '../../../../json-numbers.ts'
import type { AnyValue, Attributes } from '../../../../otlp/index.ts'

/** Finds a text that is kept elsewhere, by its hash. */
export type FindText = (hash: string) => string | undefined

/** JSON in which texts and numbers can still be told apart, and numbers have every digit. */
export type ExactJson =
  | null
  | boolean
  | ExactText
  | ExactNumber
  | readonly ExactJson[]
  | ExactObject

interface ExactText {
  readonly text: string
}

interface ExactNumber {
  readonly digits: string
}

/** Names of members come from strangers and keep their order. */
export type ExactObject = ReadonlyMap<string, ExactJson>

/**
 * Parses JSON without rounding a number: `JSON.parse` makes 3 of 3.0 and loses digits of large integers.
 *
 * @throws {SyntaxError} where it is no JSON.
 */
export function parseExactJson(text: string): ExactJson {
  // What is a text is marked with `s`, and what is a number with `n`, both as texts of JSON.
  return exact(JSON.parse(withNumbers(text, (digits) => `"n${digits}"`, 's')))
}

function exact(value: unknown): ExactJson {
  if (typeof value === 'string') {
    return value.startsWith('n') ? { digits: value.slice(1) } : { text: value.slice(1) }
  }
  if (Array.isArray(value)) return value.map(exact)
  if (typeof value === 'object' && value !== null) {
    return new Map(Object.entries(value).map(([key, of]) => [key.slice(1), exact(of)] as const))
  }
  return value === true || value === false ? value : null
}

/** The inverse of `attributesJson`; a text that is not found is `null`. */
export function attributesOf(value: ExactJson | undefined, find: FindText): Attributes {
  return new Map(
    Array.from(isObject(value) ? value : [], ([key, of]) => [key, anyValueOf(of, find)] as const),
  )
}

function anyValueOf(value: ExactJson, find: FindText): AnyValue {
  if (value === null || typeof value === 'boolean') return value
  if (isObject(value)) return mapOf(value, find)
  if ('text' in value) return value.text
  if ('digits' in value) {
    const { digits } = value
    return /^-?\d+$/.test(digits) ? BigInt(digits) : Number(digits)
  }
  return value.map((item) => anyValueOf(item, find))
}

function mapOf(map: ExactObject, find: FindText): AnyValue {
  const [[wrapper, wrapped] = []] = map
  if (map.size === 1 && wrapped !== undefined) {
    const text = textOf(wrapped)
    if (wrapper === 'contentValue' && text !== undefined) return find(text) ?? null
    if (wrapper === 'doubleValue' && text !== undefined) return Number(text)
    if (wrapper === 'bytesValue' && text !== undefined) {
      return Uint8Array.from(Buffer.from(text, 'base64'))
    }
    if (wrapper === 'kvlistValue') return attributesOf(wrapped, find)
  }
  return attributesOf(map, find)
}

export function isObject(value: ExactJson | undefined): value is ExactObject {
  return value instanceof Map
}

/** A text; `undefined` of anything else. */
export function textOf(value: ExactJson | undefined): string | undefined {
  const isText = typeof value === 'object' && value !== null && 'text' in value
  return isText ? value.text : undefined
}

/** A whole number; 0 of anything else. */
export function wholeOf(value: ExactJson | undefined): bigint {
  const isNumber = typeof value === 'object' && value !== null && 'digits' in value
  return isNumber && /^-?\d+$/.test(value.digits) ? BigInt(value.digits) : 0n
}

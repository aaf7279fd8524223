import { type Json, type ParameterKind, type ParameterValue, parameterKind } from '@trace2/core'
import { isFunctionSource } from './source.ts'

/** A value with what tells its type. Without a kind, value and schema tell it. */
export type TypedValue = Pick<ParameterValue, 'value' | 'schema'> &
  Partial<Pick<ParameterValue, 'valueKind'>>

/** The kind of a value. A text that reads as one function and nothing else is code, whoever did not say so. */
export function kindOf({ value, schema, valueKind }: TypedValue): ParameterKind {
  const kind = parameterKind(value, schema, valueKind)
  return kind === 'text' && typeof value === 'string' && isFunctionSource(value) ? 'code' : kind
}

/** Whether the value is JavaScript, which can be checked: its schema says so, or it reads as one function. */
export function isJavaScript({ value, schema }: TypedValue): boolean {
  if (typeof value !== 'string') return false
  return parameterKind(value, schema) === 'code' || isFunctionSource(value)
}

/** Whether the value is source, of whatever language. */
export function isCode(typed: TypedValue): boolean {
  return kindOf(typed) === 'code'
}

/** The types that JSON schema knows. A schema of a stranger may name another, which says nothing. */
const types = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'] as const

/** The type of a parameter in one word: `code`, the schema's `type`, or that of the present value. */
export function typeName(typed: TypedValue): string {
  const { value, schema } = typed
  if (isCode(typed)) return 'code'
  if (typeof schema === 'object' && schema !== null && 'type' in schema) {
    const type = types.find((one) => one === schema.type)
    if (type !== undefined) return type
  }
  if (Array.isArray(value)) return 'array'
  return value === null ? 'null' : typeof value
}

/** The JSON schema by which a value is asked for: the declared one, or the type of the present value. */
export function schemaOf(typed: TypedValue): Json {
  const { value, schema } = typed
  if (typeof schema === 'object' && schema !== null && !Array.isArray(schema)) return schema
  if (value === null) return {}
  return { type: Array.isArray(value) ? 'array' : typeof value }
}

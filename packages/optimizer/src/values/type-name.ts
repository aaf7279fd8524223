import type { Json } from '@trace2/core'
import { isFunctionSource } from './source.ts'

export interface TypedValue {
  readonly value: Json
  /** JSON schema, or `null` where none was declared. */
  readonly schema: Json
}

/** Whether the value is the source of a function: its schema says so, or it reads as one and nothing else. */
export function isCode({ value, schema }: TypedValue): boolean {
  if (typeof value !== 'string') return false
  const declared = typeof schema === 'object' && schema !== null && 'contentMediaType' in schema
  return (declared && schema.contentMediaType === 'text/javascript') || isFunctionSource(value)
}

/** The type of a parameter in one word: `code`, the schema's `type`, or that of the present value. */
export function typeName(typed: TypedValue): string {
  const { value, schema } = typed
  if (isCode(typed)) return 'code'
  if (typeof schema === 'object' && schema !== null && 'type' in schema) {
    if (typeof schema.type === 'string') return schema.type
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

import { canonicalJson, type Json } from '../semconv/canonical.ts'

/** Says what is wrong with a value, or `undefined` where it fits the JSON schema. */
export type SchemaValidator = (schema: Json, value: unknown) => string | undefined

let schemaValidator: SchemaValidator | undefined

/**
 * Sets what checks values against JSON schemas. The core brings none, to stay without dependencies;
 * `@trace2/instrumentation/node` and `/live` do.
 */
export function useSchemaValidator(validator: SchemaValidator): void {
  schemaValidator = validator
}

/** Says what is wrong with a proposed value of a parameter, or `undefined` where nothing is. */
export function findFault(
  value: unknown,
  defaultValue: unknown,
  schema: Json | undefined,
): string | undefined {
  const expected = jsonType(defaultValue)
  const actual = jsonType(value)
  if (schema === undefined && expected !== actual && expected !== 'null') {
    return `a value of type ${expected} is needed, not ${actual}`
  }
  try {
    canonicalJson(value)
  } catch (error) {
    return `the value cannot be written as JSON: ${String(error)}`
  }
  return schema === undefined ? undefined : schemaValidator?.(schema, value)
}

function jsonType(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

import { type Schema, Validator } from '@cfworker/json-schema'
import type { Json } from '@trace2/core'

/** Says how a value breaks a JSON schema (draft 2020-12). Returns `undefined` if it fits. */
export function schemaFault(schema: Json, value: Json): string | undefined {
  if (!isSchema(schema)) return undefined
  const { valid, errors } = new Validator(schema, '2020-12', false).validate(value)
  if (valid) return undefined
  // The innermost messages say most; the outer ones only that something inside is wrong.
  const messages = errors
    .filter(({ keyword }) => keyword !== 'properties' && keyword !== 'items')
    .map(({ instanceLocation, error }) =>
      instanceLocation === '#' ? error : `${instanceLocation.slice(1)}: ${error}`,
    )
  return [...new Set(messages)].slice(0, 5).join('; ') || 'it does not fit the schema'
}

/** A schema that is no object says nothing; what is in one, the validator checks as it goes. */
export function isSchema(schema: Json): schema is Schema & Json {
  return typeof schema === 'object' && schema !== null && !Array.isArray(schema)
}

import { type Schema, Validator } from '@cfworker/json-schema'
import type { SchemaValidator } from './validation.ts'

/** Checks a value against a JSON schema (draft 2020-12); says what is wrong, or `undefined`. */
export const validateJsonSchema: SchemaValidator = (schema, value) => {
  if (typeof schema === 'boolean') return schema ? undefined : 'no value is allowed'
  if (typeof schema !== 'object' || schema === null) return 'the schema is no JSON schema'
  const { valid, errors } = new Validator(schema as Schema, '2020-12', false).validate(value)
  if (valid) return undefined
  return errors.map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`).join(' ')
}

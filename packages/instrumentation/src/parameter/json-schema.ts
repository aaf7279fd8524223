import { type Schema, Validator } from '@cfworker/json-schema'
import type { Json } from '@trace2/core'
import type { Check } from './declaration.ts'

/** Checks values against a JSON schema (draft 2020-12). The check throws for a schema that cannot be followed. */
export function jsonSchemaCheck(schema: Json): Check {
  let validator: Validator | undefined
  return (value) => {
    if (typeof schema === 'boolean') return schema ? undefined : 'no value is allowed'
    if (typeof schema !== 'object' || schema === null) return 'the schema is no JSON schema'
    validator ??= new Validator(schema as Schema, '2020-12', false)
    const { valid, errors } = validator.validate(value)
    if (valid) return undefined
    const faults = errors.map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`)
    return faults.join(' ').replace(/\.$/, '')
  }
}

import { type Schema, Validator } from '@cfworker/json-schema'
import { canonicalJson, type Json } from '@trace2/instrumentation/semconv'
import { sourceFault } from './source.ts'
import { isCode, schemaOf, type TypedValue } from './type-name.ts'

/** A proposed value as it may be stored, or what is wrong with it, in words a model can act on. */
export type Checked =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly fault: string }

/** Checks a proposed value against the schema, or the type, of the present one; code must parse and keep its signature. */
export function checkValue(present: TypedValue, proposed: unknown): Checked {
  let value: Json
  try {
    value = JSON.parse(canonicalJson(proposed))
  } catch (error) {
    return { ok: false, fault: `it cannot be written as JSON: ${String(error)}` }
  }
  const fault = schemaFault(schemaOf(present), value)
  if (fault !== undefined) return { ok: false, fault }
  if (typeof value === 'string') {
    if (!value.isWellFormed()) return { ok: false, fault: 'it has a lone surrogate' }
    if (typeof present.value === 'string' && isCode(present)) {
      const broken = sourceFault(present.value, value, declaredNames(present.schema))
      if (broken !== undefined) return { ok: false, fault: broken }
    }
  }
  return { ok: true, value }
}

/** Says how a value breaks a JSON schema (draft 2020-12), or `undefined` where it does not. */
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
function isSchema(schema: Json): schema is Schema & Json {
  return typeof schema === 'object' && schema !== null && !Array.isArray(schema)
}

/** The names that a code parameter says its source may use. */
function declaredNames(schema: Json): ReadonlySet<string> | undefined {
  const names = isSchema(schema) ? schema['x-trace2-uses'] : undefined
  return Array.isArray(names)
    ? new Set(names.filter((name): name is string => typeof name === 'string'))
    : undefined
}

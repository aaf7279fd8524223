import { canonicalJson, type Json } from '@trace2/core'
import { isSchema, schemaFault } from '@trace2/evaluation/values'
import { sourceFault } from './source.ts'
import { isJavaScript, schemaOf, type TypedValue } from './type-name.ts'

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
    if (typeof present.value === 'string' && isJavaScript(present)) {
      const broken = sourceFault(present.value, value, declaredNames(present.schema))
      if (broken !== undefined) return { ok: false, fault: broken }
    }
  }
  return { ok: true, value }
}

/** The names that a code parameter says its source may use. */
function declaredNames(schema: Json): ReadonlySet<string> | undefined {
  const names = isSchema(schema) ? schema['x-trace2-uses'] : undefined
  return Array.isArray(names)
    ? new Set(names.filter((name): name is string => typeof name === 'string'))
    : undefined
}

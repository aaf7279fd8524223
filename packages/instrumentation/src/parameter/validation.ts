import { canonicalJson } from '@trace2/core'
import type { Declaration } from './declaration.ts'
import { findStandardFault } from './standard-schema.ts'

/** Says what is wrong with a value of a parameter, or `undefined` where nothing is. Never throws. */
export function findFault(value: unknown, declaration: Declaration<unknown>): string | undefined {
  const { defaultValue, schema, standard, check } = declaration
  const expected = jsonType(defaultValue)
  const actual = jsonType(value)
  const hasSchema = schema !== undefined || standard !== undefined
  if (!hasSchema && expected !== actual && expected !== 'null') {
    return `a value of type ${expected} is needed, not ${actual}`
  }
  try {
    canonicalJson(value)
  } catch (error) {
    return `the value cannot be written as JSON: ${messageOf(error)}`
  }
  try {
    return (standard && findStandardFault(standard, value)) ?? check?.(value)
  } catch (error) {
    return `the value cannot be checked: ${messageOf(error)}`
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'no reason given'
}

function jsonType(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

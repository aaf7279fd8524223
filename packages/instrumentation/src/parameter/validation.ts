import { canonicalJson, type Json } from '@trace2/core'
import type { Declaration } from './declaration.ts'
import { findStandardFault } from './standard-schema.ts'

/** Says what is wrong with a value of a parameter, or `undefined` where nothing is. Never throws. */
export function findFault(value: unknown, declaration: Declaration<unknown>): string | undefined {
  const { defaultValue, standard, check } = declaration
  const expected = jsonType(defaultValue)
  const actual = jsonType(value)
  if (!tellsType(declaration) && expected !== actual && expected !== 'null') {
    return `a value of type ${expected} is needed, not ${actual}`
  }
  try {
    const fault = formFault(canonicalJson(value))
    if (fault !== undefined) return fault
  } catch (error) {
    return `the value cannot be written as JSON: ${messageOf(error)}`
  }
  try {
    return (standard && findStandardFault(standard, value)) ?? check?.(value)
  } catch (error) {
    return `the value cannot be checked: ${messageOf(error)}`
  }
}

/** Deeper than any value that people write; code that follows a deeper one may run out of stack. */
const deepest = 200

/** What is wrong with a value whatever its parameter is, by its JSON text. */
function formFault(json: string): string | undefined {
  let depth = 0
  for (const { 0: token } of json.matchAll(/"(?:[^"\\]|\\.)*":?|[[\]{}]/g)) {
    // Copied into another object, it would become the prototype of that one.
    if (token === '"__proto__":') return 'the value has a member __proto__'
    if (token === '[' || token === '{') depth++
    else if (token === ']' || token === '}') depth--
    if (depth > deepest) return `the value is nested deeper than ${deepest} levels`
  }
  return undefined
}

/** Keywords by which a JSON schema says something of values of every type. */
const ofAnyType = ['type', 'enum', 'const', 'anyOf', 'oneOf', 'allOf', 'not', 'if', '$ref']

/** Whether the schema decides of which type a value may be. A JSON schema such as `{ minimum: 0 }` does not. */
function tellsType({ schema, standard }: Declaration<unknown>): boolean {
  return standard !== undefined || (isObject(schema) && ofAnyType.some((key) => key in schema))
}

function isObject(schema: Json | undefined): schema is { readonly [keyword: string]: Json } {
  return typeof schema === 'object' && schema !== null
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'no reason given'
}

function jsonType(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

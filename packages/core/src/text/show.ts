import type { Json } from '../canonical.ts'
import { isParameterName } from '../reference.ts'

/** A value as a reader sees it: a string as it is, everything else as JSON. */
export function showValue(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/**
 * A name from a span as an identifier that is safe anywhere in a prompt: letters, digits, `_ . - /`, at most 60
 * characters, never empty, never starting with a digit or punctuation.
 */
export function identifier(name: string): string {
  const safe = name
    .replace(/[^\p{L}\p{N}_.\-/]+/gu, '_')
    .slice(0, 60)
    .toWellFormed()
  return /^[\p{L}_]/u.test(safe) ? safe : `_${safe}`
}

/** The name of a parameter in prompts and answers: its own, or an identifier where a foreign trace named it freely. */
export function parameterLabel(name: string): string {
  return isParameterName(name) ? name : identifier(name)
}

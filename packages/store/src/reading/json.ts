import { parseWithIds } from '../json-numbers.ts'

/** Members of a JSON value that a stranger wrote: `undefined` wherever it is not what it should be. */
export function memberOf(value: unknown, ...names: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  for (const name of names) {
    if (!Object.hasOwn(value, name)) continue
    const member: unknown = Reflect.get(value, name)
    if (member !== undefined && member !== null) return member
  }
  return undefined
}

/** The member of a table of ours under a name that a stranger wrote: `constructor` and `__proto__` are in every object. */
export function entryOf<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Nested deeper than this, a text is only a text: reading it would exhaust the stack, here or in a reader. */
export const MAX_NESTING = 256

export function isTooDeep(text: string): boolean {
  if (text.length < 2 * MAX_NESTING) return false
  let depth = 0
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (quoted) {
      if (code === BACKSLASH) at++
      else if (code === QUOTE) quoted = false
    } else if (code === QUOTE) quoted = true
    else if (code === BRACKET || code === BRACE) {
      if (++depth > MAX_NESTING) return true
    } else if (code === BRACKET_END || code === BRACE_END) depth--
  }
  return false
}

const QUOTE = 0x22
const BRACKET = 0x5b
const BACKSLASH = 0x5c
const BRACKET_END = 0x5d
const BRACE = 0x7b
const BRACE_END = 0x7d

/** The value of a text that is a JSON object or list; anything else as it is. */
export function structured(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value) || isTooDeep(value)) return value
  try {
    return parseWithIds(value)
  } catch {
    return value
  }
}

import type { Json } from '@trace2/core'
import { isJsonObject } from '../files/jsonl.ts'

/** Why a recorded value is not the one that there was. */
export type Damage = 'cut' | 'withheld' | 'redacted' | 'not JSON'

/** What a recorder writes in place of what JSON cannot carry, and of what it has already written. */
const described =
  /^(\[(getter|Proxy|Promise|Function|see #[^\]]*|Symbol\(.*\))\]|\[\d+ bytes\]( .*)?|\[text of \d+ characters\])$/s
/** A class by its name: `[Ledger]`. */
const className = /^\[[A-Z]\w*\]$/
const collections = ['[Map]', '[Set]', '[Headers]', '[FormData]']

/**
 * What is missing of a recorded value, by the marks that recorders and redaction leave in it; `undefined` where it is whole.
 * A text that was cut shows nothing but a final `…`: that it was cut is known by its hash.
 */
export function damageOf(value: Json): Damage | undefined {
  if (typeof value === 'string') return damageOfText(value)
  if (Array.isArray(value)) {
    const last = value.at(-1)
    if (typeof last === 'string' && /^… (\d+ )?more$/.test(last)) return 'cut'
    return first(value)
  }
  if (!isJsonObject(value)) return undefined
  const rest = value['…']
  if (typeof rest === 'string' && /^(\d+ )?more$/.test(rest)) return 'cut'
  const names = Object.keys(value)
  if (names.length === 1 && collections.includes(names[0] ?? '')) return 'not JSON'
  return first(Object.values(value))
}

function first(values: readonly Json[]): Damage | undefined {
  for (const value of values) {
    const damage = damageOf(value)
    if (damage) return damage
  }
  return undefined
}

function damageOfText(text: string): Damage | undefined {
  if (/\[redacted:[\w-]+:[0-9a-f]{16}\]/.test(text)) return 'redacted'
  if (text === '[withheld]') return 'withheld'
  if (text.length > 500) return undefined
  return described.test(text) || className.test(text) ? 'not JSON' : undefined
}

/** Whether a text in a value is JSON that ends in the middle: where an SDK limits attributes, nothing else tells. */
export function hasCutJson(value: Json): boolean {
  if (typeof value === 'string') return isCutJson(value)
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).some(hasCutJson)
}

function isCutJson(text: string): boolean {
  if (!/^\s*(\{\s*"|\[\s*[{"[])/.test(text)) return false
  let depth = 0
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*(?:"|\\?$)|[[{\]}]/gs)) {
    if (token === '{' || token === '[') depth++
    else if (token === '}' || token === ']') depth--
    // Whatever stands behind a whole value, that value was not cut.
    if (depth === 0) return false
  }
  return true
}

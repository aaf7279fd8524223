import { cut } from '../content/cut.ts'
import { jsonText } from '../content/text.ts'
import { member } from './json.ts'

/** How many texts of the longest allowed length a list of messages may come to. */
const mostTexts = 16

/** What an object or a list costs beside the texts in it. */
const nodeCost = 8

const deepest = 16

/**
 * The JSON of a list of messages or of parts, each text of it no longer than `most`. Of a long conversation the last
 * messages are kept: the texts of earlier ones are cut to nothing where the whole would come to too much.
 */
export function briefText(list: readonly unknown[], most: number): string {
  const budget = { left: mostTexts * most }
  const kept: unknown[] = []
  for (let index = list.length - 1; index >= 0; index--) {
    kept.push(brief(list[index], most, budget, 0))
  }
  return jsonText(kept.reverse())
}

function brief(value: unknown, most: number, budget: { left: number }, depth: number): unknown {
  if (typeof value === 'string') {
    const length = Math.max(1, Math.min(most, budget.left))
    const text = value.length > length ? cut(value, length) : value
    budget.left -= text.length
    return text
  }
  if (typeof value !== 'object' || value === null) return value
  budget.left -= nodeCost
  if (depth === deepest) return '…'
  // Most values are brief as they are, and need no copy.
  let copy: Record<string, unknown> | unknown[] | undefined
  for (const key of Object.keys(value)) {
    // What kind of part it is, and who speaks, is always said.
    if (depth < 3 && (key === 'type' || key === 'role')) continue
    const inside = member(value, key)
    const shown = brief(inside, most, budget, depth + 1)
    if (shown === inside) continue
    copy ??= Array.isArray(value) ? [...value] : { ...value }
    Reflect.set(copy, key, shown)
  }
  return copy ?? value
}

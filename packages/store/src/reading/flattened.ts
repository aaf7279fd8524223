import { wholeOrText } from '../json-numbers.ts'
import type { AnyValue, Attributes } from '../otlp/index.ts'

const MAX_INDEX = 10_000
/** Steps of a key. One with more is no field of any convention, and would exhaust the stack. */
const MAX_STEPS = 256

type Tree = Map<string, Tree | AnyValue>

/**
 * Puts keys such as `llm.input_messages.0.message.role` together again: what stands under `prefix` as nested
 * JSON, a level of indices as a list. `undefined` where nothing does. Gaps in a list close up.
 *
 * @param indexed takes only keys that have an index right after the prefix.
 */
export function unflatten(attributes: Attributes, prefix: string, indexed = false): unknown {
  const start = `${prefix}.`
  const root: Tree = new Map()
  for (const [key, value] of attributes) {
    if (!key.startsWith(start)) continue
    const path = key.slice(start.length).split('.', MAX_STEPS + 1)
    if (path.length > MAX_STEPS) continue
    if (!indexed || /^\d+$/.test(path[0] ?? '')) insert(root, path, value)
  }
  return root.size === 0 ? undefined : plain(root)
}

function insert(tree: Tree, path: readonly string[], value: AnyValue): void {
  let current = tree
  for (const [depth, step] of path.entries()) {
    if (depth === path.length - 1) {
      current.set(step, value)
      return
    }
    const next = current.get(step)
    if (next instanceof Map) current = next as Tree
    else {
      const child: Tree = new Map()
      current.set(step, child)
      current = child
    }
  }
}

/** A value as JSON has it. */
export function plain(value: Tree | AnyValue): unknown {
  if (typeof value === 'bigint') return wholeOrText(String(value))
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (Array.isArray(value)) return value.map(plain)
  if (!(value instanceof Map)) return value
  const entries = [...value]
  if (entries.every(([key]) => /^\d+$/.test(key) && Number(key) < MAX_INDEX)) {
    return entries.sort(([a], [b]) => Number(a) - Number(b)).map(([, item]) => plain(item))
  }
  return Object.fromEntries(entries.map(([key, item]) => [key, plain(item)]))
}

import { resolvePointer } from '@trace2/core'
import { memoizeByName } from '../memoize-by-name.ts'
import type { Attributes } from '../otlp/index.ts'
import { type Dialect, dialects, type Field, parsedKey } from './dialects/index.ts'
import { plain, unflatten } from './flattened.ts'
import { entryOf, structured } from './json.ts'
import { capturedAt, parseCaptured } from './read.ts'
import type { Captured } from './rows.ts'

// Which attribute names, and which beginnings of one, mark which dialect.
const exactMarks = new Map<string, number>()
const prefixMarks: { readonly prefix: string; readonly rank: number }[] = []
const valueMarks = new Map<string, Map<string, number>>()
for (const [rank, { marks }] of dialects.entries()) {
  for (const mark of marks) {
    if (mark.endsWith('*')) prefixMarks.push({ prefix: mark.slice(0, -1), rank })
    else if (mark.includes('=')) {
      const [name = '', value = ''] = mark.split('=')
      valueMarks.set(name, (valueMarks.get(name) ?? new Map()).set(value, rank))
    } else exactMarks.set(mark, Math.min(rank, exactMarks.get(mark) ?? rank))
  }
}

const rankOf = memoizeByName((name) => {
  let first = exactMarks.get(name) ?? dialects.length
  for (const { prefix, rank } of prefixMarks) {
    if (rank < first && name.startsWith(prefix)) first = rank
  }
  return first
})

/** The span's dialect, the first in the table that has a mark on it; `undefined` where none has. */
export function dialectOf(attributes: Attributes): Dialect | undefined {
  let first = dialects.length
  for (const name of attributes.keys()) first = Math.min(first, rankOf(name))
  for (const [name, ranks] of valueMarks) {
    const value = attributes.get(name)
    if (typeof value === 'string') first = Math.min(first, ranks.get(value) ?? first)
  }
  return dialects[first]
}

/** What kind of operation a span of a dialect is: `llm`, `tool`, `agent` …; `null` where nothing says. */
export function kindOf(attributes: Attributes, dialect: Dialect): string | null {
  let unknown: string | undefined
  for (const key of dialect.kind) {
    const written = attributes.get(key)
    if (typeof written !== 'string') continue
    // MLflow's values are JSON texts.
    const name = written.replace(/^"(.*)"$/, '$1')
    const kind = entryOf(dialect.kinds, name) ?? ownKind(name)
    if (kind !== undefined) return kind
    if (name !== '') unknown ??= name.toLowerCase()
  }
  // What a span has says more than a name that nobody knows.
  const implied = dialect.implied.find(([attribute]) => attributes.has(attribute))
  return implied?.[1] ?? unknown ?? null
}

const ownKinds: ReadonlySet<string> = new Set([
  ...['llm', 'tool', 'agent', 'chain', 'retriever', 'embedding', 'reranker', 'guardrail'],
  ...['evaluator', 'prompt', 'memory'],
])

/** A kind that is called here as it is called there, whatever its letters. */
function ownKind(name: string): string | undefined {
  const lower = name.toLowerCase()
  return ownKinds.has(lower) ? lower : undefined
}

/** Keys of a name that is more stable than the span's. */
export function operatorKeys(dialect: Dialect | undefined, kind: string): readonly string[] {
  const own = dialect ? [dialect] : []
  return [...own, ...dialects].flatMap(({ op }) => entryOf(op, kind) ?? [])
}

const orders = new Map<Dialect | undefined, Readonly<Record<string, readonly string[]>>>()

/** Keys of a field, those of the span's own dialect first; each once. */
export function keysOf(dialect: Dialect | undefined, field: Field): readonly string[] {
  let order = orders.get(dialect)
  if (!order) {
    const all = [
      ...(dialect?.own ? [dialect.own] : []),
      ...(dialect ? [dialect.fields] : []),
      ...dialects.map(({ fields }) => fields),
    ]
    const names = new Set(all.flatMap((fields) => Object.keys(fields)))
    const keys = (name: string) => all.flatMap((fields) => fields[name as Field] ?? [])
    order = Object.fromEntries([...names].map((name) => [name, [...new Set(keys(name))]]))
    orders.set(dialect, order)
  }
  return order[field] ?? []
}

/** Texts stand as they were written: an id of digits only is a text all the same. */
export function textAmong(attributes: Attributes, keys: readonly string[]): string | null {
  for (const key of keys) {
    const written = attributes.get(key)
    if (typeof written === 'string' && written !== '') return written.replace(/^"(.*)"$/s, '$1')
    const inside = written === undefined ? valueAt(attributes, key) : undefined
    if (typeof inside === 'string' && inside !== '') return inside
  }
  return null
}

export function numberAmong(attributes: Attributes, keys: readonly string[]): number | null {
  return keyedNumber(attributes, keys)?.number ?? null
}

/** A number with the key under which it was found. */
export function keyedNumber(
  attributes: Attributes,
  keys: readonly string[],
): { readonly number: number; readonly key: string } | undefined {
  for (const key of keys) {
    const value = valueAt(attributes, key)
    const number = typeof value === 'string' && value !== '' ? Number(value) : value
    if (typeof number === 'number' && Number.isFinite(number)) return { number, key }
  }
  return undefined
}

/** The JSON value under one key; see {@link Dialect}. `undefined` where there is none, or an empty text. */
export function valueAt(attributes: Attributes, key: string): unknown {
  const { attribute, pointer, under } = parsedKey(key)
  if (under) return unflatten(attributes, attribute, under === 'indexed')
  const held = attributes.get(attribute)
  if (held === undefined) return undefined
  if (pointer !== undefined) return resolvePointer(structured(plain(held)), pointer)
  const captured = capturedValue(attributes, key)
  return captured === null || captured.text === '' ? undefined : parseCaptured(captured)
}

/** The value under a key that is an attribute's name, as it was captured. */
export function capturedValue(attributes: Attributes, key: string): Captured | null {
  if (!attributes.has(key)) return null
  return capturedAt(attributes, key, key.replace(/\.value$/, '.mime_type'))
}

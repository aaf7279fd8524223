import { resolvePointer } from '@trace2/instrumentation/semconv'
import type { Attributes } from '../otlp/model.ts'
import { type Dialect, dialects, type Field } from './dialects/index.ts'
import { plain, unflatten } from './flattened.ts'
import { structured } from './json.ts'
import { capturedAt, parseCaptured } from './read.ts'
import type { Captured } from './rows.ts'

/** The span's dialect; `undefined` where it has no mark of one. */
export function dialectOf(attributes: Attributes): Dialect | undefined {
  return dialects.find(({ marks }) => marks.some((mark) => isMarked(attributes, mark)))
}

function isMarked(attributes: Attributes, mark: string): boolean {
  if (!mark.endsWith('*')) return attributes.has(mark)
  const start = mark.slice(0, -1)
  for (const key of attributes.keys()) if (key.startsWith(start)) return true
  return false
}

/** What kind of operation a span of a dialect is: `llm`, `tool`, `agent` …; `null` where nothing says. */
export function kindOf(attributes: Attributes, dialect: Dialect): string | null {
  for (const key of dialect.kind) {
    const written = attributes.get(key)
    if (typeof written !== 'string') continue
    // MLflow's values are JSON texts.
    const name = written.replace(/^"(.*)"$/, '$1')
    if (name !== '') return dialect.kinds[name] ?? name.toLowerCase()
  }
  return dialect.implied.find(([attribute]) => attributes.has(attribute))?.[1] ?? null
}

/** Keys of a name that is more stable than the span's. */
export function operatorKeys(dialect: Dialect | undefined, kind: string): readonly string[] {
  return [...(dialect?.op[kind] ?? []), ...dialects.flatMap(({ op }) => op[kind] ?? [])]
}

const orders = new Map<Dialect | undefined, Readonly<Record<string, readonly string[]>>>()

/** Keys of a field, those of the span's own dialect first; each once. */
export function keysOf(dialect: Dialect | undefined, field: Field): readonly string[] {
  let order = orders.get(dialect)
  if (!order) {
    const all = dialect ? [dialect, ...dialects] : dialects
    const names = new Set(all.flatMap(({ fields }) => Object.keys(fields)))
    const keys = (name: string) => all.flatMap(({ fields }) => fields[name as Field] ?? [])
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
  for (const key of keys) {
    const value = valueAt(attributes, key)
    const number = typeof value === 'string' && value !== '' ? Number(value) : value
    if (typeof number === 'number' && Number.isFinite(number)) return number
  }
  return null
}

/** The JSON value under one key; see {@link Dialect}. `undefined` where there is none, or an empty text. */
export function valueAt(attributes: Attributes, key: string): unknown {
  if (/\.[*#]$/.test(key)) return unflatten(attributes, key.slice(0, -2), key.endsWith('#'))
  const hash = key.indexOf('#')
  if (hash >= 0) {
    const holder = attributes.get(key.slice(0, hash))
    return holder === undefined
      ? undefined
      : resolvePointer(structured(plain(holder)), key.slice(hash + 1))
  }
  const captured = capturedValue(attributes, key)
  return captured === null || captured.text === '' ? undefined : parseCaptured(captured)
}

/** The value under a key that is an attribute's name, as it was captured. */
export function capturedValue(attributes: Attributes, key: string): Captured | null {
  return capturedAt(attributes, key, key.replace(/\.value$/, '.mime_type'))
}

import { resolvePointer } from '@trace2/core'
import { memoizeByName } from '../memoize-by-name.ts'
import type { AnyValue, Attributes } from '../otlp/index.ts'
import { attributeFlag, attributeFlagsOf } from './attribute-flags.ts'
import { type Dialect, dialects, type Field, parsedKey } from './dialects/index.ts'
import { plain, unflatten } from './flattened.ts'
import { entryOf, structured } from './json.ts'
import { mayStandUnder } from './prefixes.ts'
import { pythonLiteral } from './python-literal.ts'
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

const byName = new Map(
  dialects.flatMap((dialect) => Object.keys(dialect.names ?? {}).map((name) => [name, dialect])),
)

/**
 * The span's dialect: the first in the table that has a mark on it, or else the one that has such a name for spans. `undefined`
 * where none has.
 */
export function dialectOf(attributes: Attributes, name = ''): Dialect | undefined {
  let first = dialects.length
  for (const attribute of attributes.keys()) first = Math.min(first, rankOf(attribute))
  for (const [attribute, ranks] of valueMarks) {
    const value = attributes.get(attribute)
    if (typeof value === 'string') first = Math.min(first, ranks.get(value) ?? first)
  }
  return dialects[first] ?? byName.get(name)
}

/**
 * What kind of operation a span of a dialect is: `llm`, `tool`, `agent` …; `null` where nothing says. Spans that one SDK
 * begins get attributes of others, so where the dialect's own keys say nothing the others' are asked.
 *
 * @param name the span's.
 */
export function kindOf(attributes: Attributes, dialect: Dialect, name: string): string | null {
  const written = writtenKind(attributes, dialect)
  if (written?.known !== undefined) return written.known
  const named = dialect.names && entryOf(dialect.names, name)
  if (named !== undefined) return named
  for (const other of dialects) {
    const known = other === dialect ? undefined : writtenKind(attributes, other)?.known
    if (known !== undefined) return known
  }
  // What a span has says more than a name that nobody knows.
  for (const { implied } of [dialect, ...standards]) {
    const found = implied.find(([attribute]) => isThere(attributes, attribute))
    if (found) return found[1]
  }
  return written?.unknown ?? null
}

/** The kind that a dialect's keys say, or else the first value that stands for none. */
function writtenKind(
  attributes: Attributes,
  { kind: keys, kinds, endings = [] }: Dialect,
): { readonly known?: string; readonly unknown?: string } | undefined {
  let unknown: string | undefined
  for (const key of keys) {
    const written = key.includes('#') ? valueAt(attributes, key) : attributes.get(key)
    if (typeof written !== 'string') continue
    // MLflow's values are JSON texts.
    const name = written.replace(/^"(.*)"$/, '$1')
    // The AI SDK's `operation.name` has the name of the function after the operation's.
    const known =
      entryOf(kinds, name) ?? ownKind(name) ?? entryOf(kinds, name.split(' ', 1)[0] ?? '')
    if (known === 'chain' && executes(attributes, keys)) return { known: 'tool' }
    if (known !== undefined) return { known }
    for (const { ending, kind, gives } of endings) {
      if (name.endsWith(ending) && gave(attributes, gives)) return { known: kind }
    }
    if (name !== '') unknown ??= name.toLowerCase()
  }
  return unknown === undefined ? undefined : { unknown }
}

/** Whether there is something under a key, or nothing at all in its attribute: content need not be recorded. */
function gave(attributes: Attributes, key: string): boolean {
  return !attributes.has(parsedKey(key).attribute) || valueAt(attributes, key) !== undefined
}

/** OpenLLMetry has the spans of tools as tasks, and says beside it what they do. */
function executes(attributes: Attributes, keys: readonly string[]): boolean {
  return (
    keys.includes('gen_ai.operation.name') &&
    attributes.get('gen_ai.operation.name') === 'execute_tool'
  )
}

/** Dialects whose attributes stand on spans of any other. */
const standards = dialects.filter(({ name }) => /^gen_ai|^openinference$/.test(name))

function isThere(attributes: Attributes, attribute: string): boolean {
  if (!attribute.endsWith('*')) return attributes.has(attribute)
  const prefix = attribute.slice(0, -1)
  for (const name of attributes.keys()) if (name.startsWith(prefix)) return true
  return false
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
  const tables = [dialect?.op, dialect?.ownOp, ...dialects.map(({ op }) => op)]
  return tables.flatMap((table) => (table && entryOf(table, kind)) ?? [])
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

const none: readonly string[] = []

/** Keys of a field like {@link keysOf}, or none where no attribute's name is one of them. */
export function keysAmong(
  attributes: Attributes,
  dialect: Dialect | undefined,
  field: Field,
): readonly string[] {
  return attributeFlagsOf(attributes) & attributeFlag[field] ? keysOf(dialect, field) : none
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
  if (typeof under === 'object') return members(attributes, attribute, under)
  const found =
    under && mayStandUnder(attributes, attribute)
      ? unflatten(attributes, attribute, under === 'indexed')
      : undefined
  if (found !== undefined || under === 'all') return found
  const held = attributes.get(attribute)
  if (held === undefined) return undefined
  if (pointer !== undefined)
    return resolvePointer(structureOf(attributes, attribute, held), pointer)
  const captured = capturedValue(attributes, attribute)
  return captured === null || captured.text === '' ? undefined : parseCaptured(captured)
}

/** Attributes under a prefix by their names; `undefined` where there is none of them. */
function members(attributes: Attributes, prefix: string, names: readonly string[]): unknown {
  const found = names.flatMap((name): [string, unknown][] => {
    const held = attributes.get(`${prefix}.${name}`)
    return held === undefined || held === '' ? [] : [[name, plain(held)]]
  })
  return found.length === 0 ? undefined : Object.fromEntries(found)
}

const structures = new WeakMap<Attributes, Map<string, unknown>>()

/** The JSON in an attribute, or what Python prints, which is parsed once however many of its parts are asked for. */
function structureOf(attributes: Attributes, attribute: string, held: AnyValue): unknown {
  const known = structures.get(attributes) ?? new Map<string, unknown>()
  if (known.size === 0) structures.set(attributes, known)
  if (!known.has(attribute)) known.set(attribute, parsed(plain(held)))
  return known.get(attribute)
}

function parsed(value: unknown): unknown {
  const found = structured(value)
  return typeof found === 'string' ? (pythonLiteral(found) ?? found) : found
}

/** The value under a key that is an attribute's name, as it was captured. */
export function capturedValue(attributes: Attributes, key: string): Captured | null {
  if (!attributes.has(key)) return null
  return capturedAt(attributes, key, key.replace(/\.value$/, '.mime_type'))
}

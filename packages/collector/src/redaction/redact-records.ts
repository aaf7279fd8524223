import type { Json } from '@trace2/core'
import type { Redactor } from './redactor.ts'

/** Ids, hashes and times by their form; nothing else in a record is taken for one, digits alone least. */
const proven =
  /^(?!\d+$)(?:[0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{32}:[0-9a-f]{16}|[0-9a-f]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z)$/

/** Members that are ids of OpenTelemetry, which may be of digits alone. */
const ids: Readonly<Record<string, RegExp>> = {
  traceId: /^[0-9a-f]{32}$/,
  spanId: /^[0-9a-f]{16}$/,
}

/** Members that hold any JSON: what stands in them is looked through as one text. */
const json: ReadonlySet<string> = new Set(['request', 'response', 'report', 'output', 'reference'])
/** Members that hold the value of a parameter. */
const values: ReadonlySet<string> = new Set(['value', 'baseValue'])
/** Members that name parameters, by which they are found. */
const identifiers: ReadonlySet<string> = new Set(['parameter', 'parameters', 'used'])

/**
 * A record of the store without what the rules take out. Every text in it is looked through, whatever member it is of,
 * but ids, hashes and times.
 */
export function redactRecord<T>(record: T, redactor: Redactor): T {
  return walk(record, '', redactor) as T
}

function walk(value: unknown, member: string, redactor: Redactor): unknown {
  if (typeof value === 'string') {
    if (proven.test(value) || ids[member]?.test(value)) return value
    return identifiers.has(member) ? redactor.identifier(value) : redactor.text(value)
  }
  if (Array.isArray(value)) return value.map((item) => walk(item, member, redactor))
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).map(([name, inner]): [string, unknown] => {
    // Values of a candidate stand under the names of their parameters.
    if (member === 'values') return [redactor.identifier(name), walk(inner, '', redactor)]
    return [redactor.text(name), redactMember(name, inner, redactor)]
  })
  return Object.fromEntries(members)
}

function redactMember(name: string, value: unknown, redactor: Redactor): unknown {
  if (json.has(name)) return redactJson(value, (text) => redactor.text(text))
  if (values.has(name)) return redactJson(value, (text) => redactor.parameterText(text))
  return walk(value, name, redactor)
}

/** Any JSON, looked through as the text that it is written as. */
export function redactJson(value: unknown, redact: (text: string) => string): unknown {
  if (value === null || value === undefined) return value
  if (typeof value === 'string') return redact(value)
  return parsed(redact(JSON.stringify(value)))
}

/** What was replaced as a whole is no JSON any more. */
export function parsed(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

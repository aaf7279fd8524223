import { raise } from '../errors.ts'
import type { Allowance } from './allowance.ts'
import { attempted, type Envelope } from './envelope.ts'
import { lookOf } from './foreign-body.ts'
import { attributesOf, member, objectOf, otherNames, textOf } from './json-values.ts'
import type { ResourceRecord, ScopeRecord } from './records.ts'

const LONGEST_SHOWN = 40

const signals = ['Spans', 'Logs', 'Metrics', 'Profiles'] as const

/** Walks an export request: traces and logs share the envelope of resources and scopes. */
export function eachJsonRecord(
  body: unknown,
  signal: 'Spans' | 'Logs',
  records: 'spans' | 'logRecords',
  allowance: Allowance,
  read: (value: unknown, envelope: Envelope) => void,
): void {
  const request = objectOf(body)
  if (!request) throw raise('T2_OTLP_INVALID', `The body is not a JSON object${lookOf(body)}.`)
  for (const other of signals) {
    if (other === signal || member(request, `resource${other}`) === undefined) continue
    const [sent, wanted] = [other, signal].map((name) => name.toLowerCase())
    throw raise('T2_OTLP_WRONG_SIGNAL', `The body holds ${sent}, not ${wanted}.`)
  }
  const groups = `resource${signal}`
  // What holds nothing is a request of nothing; what holds something else would be lost without a word.
  if (member(request, groups) === undefined && Object.keys(request).length > 0) {
    throw raise('T2_OTLP_INVALID', `The body has no ${groups}${lookOf(body)}.`)
  }
  for (const group of messagesOf(request, groups)) {
    allowance.take()
    const resource = attempted(() => resourceOf(group))
    for (const scoped of messagesOf(group, `scope${signal}`)) {
      allowance.take()
      const scope = attempted(() => scopeOf(scoped))
      for (const value of listOf(scoped, records)) {
        allowance.take()
        read(value, { resource, scope })
      }
    }
  }
}

/** Where something else stands, what it holds would be lost without a word. */
function listOf(value: unknown, name: string): readonly unknown[] {
  const list = member(value, name)
  if (Array.isArray(list)) return list
  if (list === undefined) {
    requireNothingElse(value, name)
    return []
  }
  throw raise('T2_OTLP_INVALID', `${name} is not a list.`)
}

function messagesOf(value: unknown, name: string): readonly unknown[] {
  const list = listOf(value, name)
  if (list.every(objectOf)) return list
  throw raise('T2_OTLP_INVALID', `${name} holds what is not an object.`)
}

/** Members of an envelope beside the list that it wraps. */
const beside = ['resource', 'scope', 'schemaUrl']

/** What stands elsewhere than in the list would be lost without a word. */
function requireNothingElse(value: unknown, name: string): void {
  const known = new Set([...beside, name].flatMap((one) => [one, ...otherNames(one)]))
  const other = Object.keys(objectOf(value) ?? {}).find((key) => !known.has(key))
  if (other === undefined) return
  const shown = JSON.stringify(other.slice(0, LONGEST_SHOWN))
  throw raise('T2_OTLP_INVALID', `There are no ${name} where ${shown} is.`)
}

function resourceOf(group: unknown): ResourceRecord {
  return {
    attributes: attributesOf(member(member(group, 'resource'), 'attributes')),
    schemaUrl: textOf(member(group, 'schemaUrl')),
  }
}

function scopeOf(scoped: unknown): ScopeRecord {
  const scope = member(scoped, 'scope')
  return {
    name: textOf(member(scope, 'name')),
    version: textOf(member(scope, 'version')),
    attributes: attributesOf(member(scope, 'attributes')),
    schemaUrl: textOf(member(scoped, 'schemaUrl')),
  }
}

import {
  ATTR_INPUT_VALUE,
  ATTR_INPUTS,
  ATTR_OUTPUT_HASH,
  formatInput,
  LINK_POINTER,
  PREFIX_INPUT_HASH,
  PREFIX_INPUT_TEMPLATE,
  PREFIX_PARAM_DESCRIPTION,
  PREFIX_PARAM_KIND,
  PREFIX_PARAM_PROPENSITY,
  PREFIX_PARAM_SCHEMA,
  PREFIX_PARAM_TRAINABLE,
  PREFIX_PARAM_VALUE,
  PREFIX_PARAM_VERSION,
  parseInput,
  parseParameterKey,
  pointerToken,
  valueHash,
} from '@trace2/core'
import type { AnyValue, Attributes } from '@trace2/store/otlp'
import type { Redactor } from './redactor.ts'
import { isStructure } from './structure.ts'

/** Names of ours that end with a name of somebody else's: of an input, of a parameter. */
const prefixes = [
  PREFIX_INPUT_HASH,
  PREFIX_INPUT_TEMPLATE,
  PREFIX_PARAM_VALUE,
  PREFIX_PARAM_VERSION,
  PREFIX_PARAM_TRAINABLE,
  PREFIX_PARAM_DESCRIPTION,
  PREFIX_PARAM_SCHEMA,
  PREFIX_PARAM_KIND,
  PREFIX_PARAM_PROPENSITY,
]

/** Attributes without what the rules take out; what the graph is made of stays where its form proves it. */
export function redactAttributes(attributes: Attributes, redactor: Redactor): Attributes {
  const redacted = new Map<string, AnyValue>()
  const holed: string[] = []
  for (const [key, value] of attributes) {
    const prefix = key.startsWith('trace2.')
      ? prefixes.find((one) => key.startsWith(one))
      : undefined
    const name = redactKey(key, prefix, redactor)
    const left = redactValue(key, prefix, value, attributes, redactor)
    if (prefix === PREFIX_PARAM_VALUE && left !== value) holed.push(name.slice(prefix.length))
    redacted.set(name, left)
  }
  // What was learned from a value with holes must not be put in its place.
  for (const name of holed) redacted.set(PREFIX_PARAM_TRAINABLE + name, false)
  return redacted
}

/** A name of ours stays one: only what stands behind its prefix is somebody else's. */
function redactKey(key: string, prefix: string | undefined, redactor: Redactor): string {
  if (prefix === undefined) return redactor.text(key)
  const tail = key.slice(prefix.length)
  if (prefix === PREFIX_INPUT_HASH || prefix === PREFIX_INPUT_TEMPLATE) {
    return prefix + redactor.text(tail)
  }
  const parsed = parseParameterKey(tail)
  if (!parsed) return prefix + redactor.identifier(tail)
  const version = parsed.version === undefined ? '' : `@${redactor.identifier(parsed.version)}`
  return prefix + redactor.identifier(parsed.name) + version
}

function redactValue(
  key: string,
  prefix: string | undefined,
  value: AnyValue,
  attributes: Attributes,
  redactor: Redactor,
): AnyValue {
  if (isStructure(key, prefix, value)) return value
  if (key === ATTR_OUTPUT_HASH || prefix === PREFIX_INPUT_HASH) {
    return typeof value === 'string' ? redactor.hash(value) : redactor.value(value)
  }
  if (key === ATTR_INPUTS) return redactInputs(value, attributes, redactor)
  if (key === LINK_POINTER && typeof value === 'string') return redactPointer(value, redactor)
  if (prefix === PREFIX_PARAM_VALUE) return redactParameter(key, value, redactor)
  if (prefix === PREFIX_PARAM_SCHEMA && typeof value === 'string') return redactor.words(value)
  // Under a name of ours, or behind one, no name says what the value is.
  return prefix === undefined ? redactor.named(key, value) : redactor.value(value)
}

/** Its version stays the one that the agent had: it names the value, and does not tell it. */
function redactParameter(key: string, value: AnyValue, redactor: Redactor): AnyValue {
  const of = key.slice(PREFIX_PARAM_VALUE.length)
  const name = parseParameterKey(of)?.name ?? of
  if (typeof value !== 'string' || redactor.hiddenBy(name) || redactor.hiddenBy(key)) {
    return JSON.stringify(redactor.named(redactor.hiddenBy(name) ? name : key, value))
  }
  return redactor.parameterText(value)
}

function redactInputs(value: AnyValue, attributes: Attributes, redactor: Redactor): AnyValue {
  const entries: AnyValue = typeof value === 'string' ? [value] : value
  if (!Array.isArray(entries)) return redactor.value(value)
  let hashes: { before: HashOfRole; after: HashOfRole } | undefined
  const ofInput = () => {
    const input = attributes.get(ATTR_INPUT_VALUE) ?? null
    hashes ??= {
      before: memoizedHashes(membersOf(input)),
      after: memoizedHashes(membersOf(redactor.named(ATTR_INPUT_VALUE, input))),
    }
    return hashes
  }
  return entries.map((entry: AnyValue) => {
    const input = typeof entry === 'string' ? parseInput(entry) : undefined
    if (!input) return redactor.value(entry)
    const { role, origin, how } = input
    const pointer = redactPointer(origin.pointer, redactor)
    const renamed = redactor.text(role)
    if (origin.kind === 'span') {
      return formatInput({ role: renamed, how, origin: { ...origin, pointer } })
    }
    if (origin.kind === 'parameter') {
      const name = redactor.identifier(origin.name)
      const version = redactor.identifier(origin.version)
      return formatInput({ role: renamed, how, origin: { ...origin, name, version, pointer } })
    }
    const { before, after } = ofInput()
    const whole = before(role) === origin.hash
    const hash = (whole && after(renamed)) || redactor.hash(origin.hash)
    return formatInput({ role: renamed, how, origin: { ...origin, pointer, hash } })
  })
}

/** Names of members stand in pointers as well. */
function redactPointer(pointer: string, redactor: Redactor): string {
  if (pointer === '') return ''
  const tokens = pointer.slice(1).split('/')
  const names = tokens.map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
  return names.map((name) => pointerToken(redactor.text(name))).join('')
}

function membersOf(value: AnyValue | undefined): ReadonlyMap<string, unknown> {
  if (typeof value !== 'string') return new Map()
  try {
    const parsed: unknown = JSON.parse(value)
    return new Map(typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : [])
  } catch {
    return new Map()
  }
}

type HashOfRole = (role: string) => string | undefined

/** Hashes of members by role, each found once: many entries may have one role. */
function memoizedHashes(members: ReadonlyMap<string, unknown>): HashOfRole {
  const known = new Map<string, string | undefined>()
  return (role) => {
    if (!known.has(role)) known.set(role, members.has(role) ? hashOf(members.get(role)) : undefined)
    return known.get(role)
  }
}

/** Nothing for a value that is nested deeper than the stack. */
function hashOf(value: unknown): string | undefined {
  try {
    return valueHash(value)
  } catch {
    return undefined
  }
}

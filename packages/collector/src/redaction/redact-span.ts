import {
  ATTR_EXCEPTION_MEMBERS,
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_TYPE,
  ATTR_FEEDBACK_IDENTIFIER,
  ATTR_FEEDBACK_SOURCE,
  ATTR_INPUT_MIME_TYPE,
  ATTR_INPUT_VALUE,
  ATTR_INPUTS,
  ATTR_KIND,
  ATTR_OP,
  ATTR_OP_ORDER,
  ATTR_OP_SIDE_EFFECTS,
  ATTR_OP_SOURCE_HASH,
  ATTR_OP_VOLATILE,
  ATTR_OPENINFERENCE_KIND,
  ATTR_OUTPUT_FIDELITY,
  ATTR_OUTPUT_FORM,
  ATTR_OUTPUT_HASH,
  ATTR_OUTPUT_MIME_TYPE,
  ATTR_OUTPUT_PIECES,
  ATTR_OUTPUT_VALUE,
  ATTR_REDACTED,
  ATTR_REPLAY,
  ATTR_RESPONSE_BODY,
  formatInput,
  LINK_HOW,
  LINK_POINTER,
  LINK_ROLE,
  PREFIX_INPUT_HASH,
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
import type {
  AnyValue,
  Attributes,
  ResourceRecord,
  ScopeRecord,
  SpanRecord,
} from '@trace2/store/otlp'
import type { Redactor } from './redactor.ts'

/** What the graph is made of: names and ids of ours, never content. */
const structural: ReadonlySet<string> = new Set([
  ATTR_KIND,
  ATTR_OP,
  ATTR_OP_SOURCE_HASH,
  ATTR_OP_SIDE_EFFECTS,
  ATTR_OP_ORDER,
  ATTR_OP_VOLATILE,
  ATTR_INPUT_MIME_TYPE,
  ATTR_OUTPUT_FIDELITY,
  ATTR_OUTPUT_FORM,
  ATTR_OUTPUT_MIME_TYPE,
  ATTR_OUTPUT_PIECES,
  ATTR_REDACTED,
  ATTR_REPLAY,
  ATTR_OPENINFERENCE_KIND,
  ATTR_FEEDBACK_SOURCE,
  ATTR_FEEDBACK_IDENTIFIER,
  LINK_HOW,
  LINK_ROLE,
])
const structuralPrefixes = [
  PREFIX_PARAM_VERSION,
  PREFIX_PARAM_TRAINABLE,
  PREFIX_PARAM_KIND,
  PREFIX_PARAM_SCHEMA,
  PREFIX_PARAM_PROPENSITY,
]

/** A span without what the rules take out. Hashes and references in it agree with what is left. */
export function redactSpan(span: SpanRecord, redactor: Redactor): SpanRecord {
  const attributesOf = (attributes: Attributes) => redactAttributes(attributes, redactor)
  const attributes = attributesOf(span.attributes)
  const events = span.events.map((event) => ({
    ...event,
    name: redactor.text(event.name),
    attributes: attributesOf(event.attributes),
  }))
  return {
    ...span,
    name: redactor.text(span.name),
    traceState: redactor.text(span.traceState),
    attributes: marked(span, { attributes, events }),
    events,
    links: span.links.map((link) => ({
      ...link,
      traceState: redactor.text(link.traceState),
      attributes: attributesOf(link.attributes),
    })),
    status: { ...span.status, message: redactor.text(span.status.message) },
    resource: shared(span.resource, redactor, redactResource),
    scope: shared(span.scope, redactor, redactScope),
  }
}

const content = [
  ['input', ATTR_INPUT_VALUE],
  ['output', ATTR_OUTPUT_VALUE],
  ['output', ATTR_RESPONSE_BODY],
] as const
const ofErrors = [ATTR_EXCEPTION_TYPE, ATTR_EXCEPTION_MESSAGE, ATTR_EXCEPTION_MEMBERS] as const

/** Says of a span of ours what is not as it was: nothing else tells a text with something taken out from a whole one. */
function marked(before: SpanRecord, after: Pick<SpanRecord, 'attributes' | 'events'>): Attributes {
  if (!before.attributes.has(ATTR_KIND)) return after.attributes
  const changed = content.filter(
    ([, key]) => before.attributes.get(key) !== after.attributes.get(key),
  )
  const redacted: string[] = [...new Set(changed.map(([name]) => name))]
  const isOtherError = before.events.some((event, index) =>
    ofErrors.some((key) => event.attributes.get(key) !== after.events[index]?.attributes.get(key)),
  )
  if (isOtherError) redacted.push('error')
  if (redacted.length === 0) return after.attributes
  return new Map([...after.attributes, [ATTR_REDACTED, redacted]])
}

function redactResource(resource: ResourceRecord, redactor: Redactor): ResourceRecord {
  return {
    attributes: redactAttributes(resource.attributes, redactor),
    schemaUrl: redactor.text(resource.schemaUrl),
  }
}

function redactScope(scope: ScopeRecord, redactor: Redactor): ScopeRecord {
  return {
    name: redactor.text(scope.name),
    version: redactor.text(scope.version),
    attributes: redactAttributes(scope.attributes, redactor),
    schemaUrl: redactor.text(scope.schemaUrl),
  }
}

const sharedResults = new WeakMap<Redactor, WeakMap<object, unknown>>()

/** One resource and one scope object serve all spans of a request, and stay one. */
function shared<T extends object>(
  record: T,
  redactor: Redactor,
  redact: (record: T, redactor: Redactor) => T,
): T {
  const results = sharedResults.get(redactor) ?? new WeakMap<object, unknown>()
  sharedResults.set(redactor, results)
  const known = results.get(record)
  if (known !== undefined) return known as T
  const made = redact(record, redactor)
  results.set(record, made)
  return made
}

/** Attributes without what the rules take out; what the graph is made of stays. */
export function redactAttributes(attributes: Attributes, redactor: Redactor): Attributes {
  const redacted = new Map<string, AnyValue>()
  for (const [key, value] of attributes) {
    const structure = structuralPrefixes.some((prefix) => key.startsWith(prefix))
    if (structural.has(key) || structure) redacted.set(key, value)
    else if (key === ATTR_OUTPUT_HASH || key.startsWith(PREFIX_INPUT_HASH)) {
      redacted.set(key, typeof value === 'string' ? redactor.hash(value) : value)
    } else if (key === ATTR_INPUTS) {
      redacted.set(key, redactInputs(value, attributes, redactor))
    } else if (key === LINK_POINTER && typeof value === 'string') {
      redacted.set(key, redactPointer(value, redactor))
    } else if (key.startsWith(PREFIX_PARAM_VALUE)) {
      redacted.set(key, redactParameter(key, value, redactor))
    } else redacted.set(redactor.text(key), redactor.named(key, value))
  }
  for (const [key, value] of attributes) {
    if (!key.startsWith(PREFIX_PARAM_VALUE) || redacted.get(key) === value) continue
    // What was learned from a value with holes must not be put in its place.
    redacted.set(PREFIX_PARAM_TRAINABLE + key.slice(PREFIX_PARAM_VALUE.length), false)
  }
  return redacted
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
  const before = membersOf(attributes.get(ATTR_INPUT_VALUE))
  const after = membersOf(
    redactor.named(ATTR_INPUT_VALUE, attributes.get(ATTR_INPUT_VALUE) ?? null),
  )
  const whole = memoizedHashes(before)
  const left = memoizedHashes(after)
  return entries.map((entry: AnyValue) => {
    const input = typeof entry === 'string' ? parseInput(entry) : undefined
    if (!input) return redactor.value(entry)
    const { role, origin, how } = input
    const pointer = redactPointer(origin.pointer, redactor)
    const renamed = redactor.text(role)
    if (origin.kind !== 'value') {
      return formatInput({ role: renamed, how, origin: { ...origin, pointer } })
    }
    const hash = (whole(role) === origin.hash && left(renamed)) || redactor.hash(origin.hash)
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

/** Hashes of members by role, each found once: many entries may have one role. */
function memoizedHashes(
  members: ReadonlyMap<string, unknown>,
): (role: string) => string | undefined {
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

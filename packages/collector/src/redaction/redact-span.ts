import {
  ATTR_EXCEPTION_MEMBERS,
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_TYPE,
  ATTR_INPUT_VALUE,
  ATTR_KIND,
  ATTR_OUTPUT_VALUE,
  ATTR_REDACTED,
  ATTR_RESPONSE_BODY,
} from '@trace2/core'
import type { Attributes, ResourceRecord, ScopeRecord, SpanRecord } from '@trace2/store/otlp'
import { redactAttributes } from './redact-attributes.ts'
import type { Redactor } from './redactor.ts'

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

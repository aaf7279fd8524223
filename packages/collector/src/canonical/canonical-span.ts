import {
  ATTR_EXCEPTION_FRAME,
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
  ATTR_INPUT_MIME_TYPE,
  ATTR_INPUT_VALUE,
  ATTR_KIND,
  ATTR_OP,
  ATTR_OP_DESCRIPTION,
  ATTR_OP_SOURCE_HASH,
  ATTR_OUTPUT_HASH,
  ATTR_OUTPUT_MIME_TYPE,
  ATTR_OUTPUT_VALUE,
  PREFIX_INPUT_TEMPLATE,
  valueHash,
} from '@trace2/instrumentation/semconv'
import type { Attributes, SpanRecord } from '../otlp/model.ts'
import { type Dialect, dialects, fields } from './dialects.ts'
import { feedbackOf } from './feedback.ts'
import { unflatten } from './flattened.ts'
import { foreignInputs, recordedInputs } from './inputs.ts'
import { foreignParameters, recordedParameters } from './parameters.ts'
import { capturedAt, numberAt, parseCaptured, textAt } from './read.ts'
import type { CanonicalSpan, Captured, SpanRows } from './rows.ts'

const STATUS_ERROR = 2

/** Reads a span, whatever convention it was written in, into the rows that the store keeps of it. */
export function canonicalRows(span: SpanRecord): SpanRows {
  const { rows: feedback, carrier } = feedbackOf(span)
  if (carrier) {
    const nothing = { opKind: null, description: '', sourceHash: null, input: null, output: null }
    const common = { kind: 'feedback', dialect: 'trace2', op: span.name } as const
    const canonical = { ...common, ...nothing, ...sharedFields(span), outputHash: null }
    return {
      span: { ...canonical, templates: null },
      inputs: [],
      parameters: [],
      uses: [],
      feedback,
    }
  }
  const kind = span.attributes.get(ATTR_KIND)
  const recorded = kind === 'run' || kind === 'op'
  return { ...(recorded ? recordedSpan(span, kind) : foreignSpan(span)), feedback }
}

type WithoutFeedback = Omit<SpanRows, 'feedback'>

function recordedSpan(span: SpanRecord, kind: 'run' | 'op'): WithoutFeedback {
  const { attributes } = span
  const input = capturedAt(attributes, ATTR_INPUT_VALUE, ATTR_INPUT_MIME_TYPE)
  const output = capturedAt(attributes, ATTR_OUTPUT_VALUE, ATTR_OUTPUT_MIME_TYPE)
  const found = recordedParameters(attributes)
  return {
    ...found,
    inputs: recordedInputs(span, input ? parseCaptured(input) : undefined, found.uses),
    span: {
      kind,
      dialect: 'trace2',
      op: textAt(attributes, ATTR_OP) ?? span.name,
      opKind: foreignKind(attributes),
      description: textAt(attributes, ATTR_OP_DESCRIPTION) ?? '',
      sourceHash: textAt(attributes, ATTR_OP_SOURCE_HASH),
      input,
      output,
      outputHash: textAt(attributes, ATTR_OUTPUT_HASH) ?? hashOf(output),
      templates: templatesOf(attributes),
      ...sharedFields(span),
    },
  }
}

function foreignSpan(span: SpanRecord): WithoutFeedback {
  const { attributes } = span
  const dialect = dialects.find((candidate) => hasMark(attributes, candidate))
  const opKind = dialect ? kindIn(attributes, dialect) : null
  const op = (dialect && first(attributes, dialect.opName[opKind ?? ''] ?? [])) ?? span.name
  const input = valueAt(attributes, dialect?.input ?? ['input.value'])
  const output = valueAt(attributes, dialect?.output ?? ['output.value'])
  const found = foreignParameters(attributes, op)
  return {
    ...found,
    inputs: foreignInputs(span, input ? parseCaptured(input) : undefined, found.uses),
    span: {
      kind: 'op',
      dialect: dialect?.name ?? 'otel',
      op,
      opKind,
      description: '',
      sourceHash: null,
      input,
      output,
      outputHash: hashOf(output),
      templates: null,
      ...sharedFields(span),
    },
  }
}

function hasMark(attributes: Attributes, dialect: Dialect): boolean {
  return dialect.marks.some((mark) => attributes.has(mark))
}

function foreignKind(attributes: Attributes): string | null {
  const dialect = dialects.find((candidate) => hasMark(attributes, candidate))
  return dialect ? kindIn(attributes, dialect) : null
}

function kindIn(attributes: Attributes, dialect: Dialect): string | null {
  const name = first(attributes, dialect.opKind)
  return name === null ? null : (dialect.opKinds[name] ?? name.toLowerCase())
}

function first(attributes: Attributes, keys: readonly string[]): string | null {
  for (const key of keys) {
    const text = textAt(attributes, key)
    if (text !== null) return text
  }
  return null
}

function firstNumber(attributes: Attributes, keys: readonly string[]): number | null {
  for (const key of keys) {
    const number = numberAt(attributes, key)
    if (number !== null) return number
  }
  return null
}

/** The first key that has a value; `prefix.*` stands for all keys under the prefix, put together. */
function valueAt(attributes: Attributes, keys: readonly string[]): Captured | null {
  for (const key of keys) {
    if (key.endsWith('.*')) {
      const tree = unflatten(attributes, key.slice(0, -2))
      if (tree !== undefined) return { text: JSON.stringify(tree), plain: false }
    } else {
      const value = capturedAt(attributes, key, key.replace(/\.value$/, '.mime_type'))
      if (value) return value
    }
  }
  return null
}

function hashOf(output: Captured | null): string | null {
  return output ? valueHash(parseCaptured(output)) : null
}

function templatesOf(attributes: Attributes): string | null {
  const found: [string, string][] = []
  for (const [key, value] of attributes) {
    if (!key.startsWith(PREFIX_INPUT_TEMPLATE) || typeof value !== 'string') continue
    found.push([key.slice(PREFIX_INPUT_TEMPLATE.length), value.toWellFormed()])
  }
  return found.length === 0 ? null : JSON.stringify(Object.fromEntries(found))
}

type SharedField =
  | 'callId'
  | 'model'
  | 'provider'
  | 'inputTokens'
  | 'outputTokens'
  | 'costUsd'
  | 'session'
  | 'service'
  | 'error'
  | 'errorFrame'

function sharedFields(span: SpanRecord): Pick<CanonicalSpan, SharedField> {
  const { attributes, resource } = span
  return {
    callId: first(attributes, fields.callId),
    model: first(attributes, fields.model),
    provider: first(attributes, fields.provider),
    inputTokens: tokens(firstNumber(attributes, fields.inputTokens)),
    outputTokens: tokens(firstNumber(attributes, fields.outputTokens)),
    costUsd: firstNumber(attributes, fields.costUsd),
    session: first(attributes, fields.session) ?? first(resource.attributes, fields.session),
    service: textAt(resource.attributes, 'service.name'),
    ...errorOf(span),
  }
}

function tokens(number: number | null): number | null {
  return number === null ? null : Math.min(Math.max(Math.round(number), 0), Number.MAX_SAFE_INTEGER)
}

function errorOf(span: SpanRecord): Pick<CanonicalSpan, 'error' | 'errorFrame'> {
  if (span.status.code !== STATUS_ERROR) return { error: null, errorFrame: null }
  // The last exception is the one that ended the span.
  const exception = span.events.findLast((event) => event.name === 'exception')?.attributes
  const type = exception && textAt(exception, ATTR_EXCEPTION_TYPE)
  const message = exception && textAt(exception, ATTR_EXCEPTION_MESSAGE)
  const words = [type, message ?? (span.status.message || null)].filter((part) => part !== null)
  return {
    error: words.filter((part) => part !== undefined).join(': ') || 'Error',
    errorFrame:
      (exception &&
        (textAt(exception, ATTR_EXCEPTION_FRAME) ??
          textAt(exception, ATTR_EXCEPTION_STACKTRACE))) ??
      null,
  }
}

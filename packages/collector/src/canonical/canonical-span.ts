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
import { fields } from './dialects.ts'
import { feedbackOf } from './feedback.ts'
import { dialectOf, foreignRows, opKindOf } from './foreign.ts'
import { recordedInputs } from './inputs.ts'
import { firstNumber, firstText } from './keys.ts'
import { recordedParameters } from './parameters.ts'
import { capturedAt, parseCaptured, textAt } from './read.ts'
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
      opKind: opKindOf(span, dialectOf(span)),
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
  const { span: own, ...rows } = foreignRows(span)
  const shared = sharedFields(span)
  // An agent's usage is the sum of its model calls', which are spans of their own.
  const counted = own.opKind === 'agent' || own.opKind === 'chain' ? noUsage : {}
  const nothing = { description: '', sourceHash: null, templates: null }
  return { ...rows, span: { kind: 'op', ...nothing, ...shared, ...counted, ...own } }
}

const noUsage = { inputTokens: null, outputTokens: null, costUsd: null }

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
  const { resource } = span
  return {
    callId: firstText(span, fields.callId),
    model: firstText(span, fields.model),
    provider: firstText(span, fields.provider),
    inputTokens: tokens(firstNumber(span, fields.inputTokens)),
    outputTokens: tokens(firstNumber(span, fields.outputTokens)),
    costUsd: firstNumber(span, fields.costUsd),
    session: firstText(span, fields.session) ?? firstText(resource, fields.session),
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

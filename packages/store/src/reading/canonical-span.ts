import {
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
  sha256,
  valueHash,
} from '@trace2/core'
import type { Attributes, SpanRecord } from '../otlp/index.ts'
import { attributeFlag, attributeFlagsOf } from './attribute-flags.ts'
import { feedbackOf } from './feedback.ts'
import { dialectOf, kindOf } from './fields.ts'
import { foreignSpan } from './foreign-span.ts'
import { recordedInputs } from './inputs.ts'
import type { SpanNote } from './logs.ts'
import { recordedParameters } from './parameters.ts'
import { capturedAt, parseCaptured, textAt } from './read.ts'
import type { Captured, FeedbackRow, SpanRows } from './rows.ts'
import { sharedFields } from './shared-fields.ts'
import { unreadSpan } from './unread-span.ts'

/**
 * Reads a span, whatever convention it was written in, into the rows that the store keeps of it. It never throws: a span whose
 * reading fails is kept as it was received.
 *
 * @param notes what logs say of the span, oldest first.
 */
export function canonicalRows(span: SpanRecord, notes: readonly SpanNote[] = []): SpanRows {
  try {
    return rowsOf(span, notes)
  } catch (error) {
    return unreadSpan(span, error)
  }
}

function rowsOf(span: SpanRecord, notes: readonly SpanNote[]): SpanRows {
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
      unnamed: [],
      feedback,
    }
  }
  const kind = span.attributes.get(ATTR_KIND)
  if (kind === 'run' || kind === 'op') return recordedSpan(span, kind, feedback)
  return { ...foreignSpan(span, notes), feedback }
}

function recordedSpan(
  span: SpanRecord,
  kind: 'run' | 'op',
  feedback: readonly FeedbackRow[],
): SpanRows {
  const { attributes } = span
  const input = capturedAt(attributes, ATTR_INPUT_VALUE, ATTR_INPUT_MIME_TYPE)
  const output = capturedAt(attributes, ATTR_OUTPUT_VALUE, ATTR_OUTPUT_MIME_TYPE)
  const found = recordedParameters(attributes)
  const dialect = dialectOf(attributes)
  const shared = sharedFields(span)
  return {
    feedback,
    parameters: found.parameters,
    uses: found.uses,
    unnamed: [],
    inputs: recordedInputs(span, input ? parseCaptured(input) : undefined, found.uses),
    span: {
      kind,
      dialect: 'trace2',
      op: textAt(attributes, ATTR_OP) ?? span.name,
      opKind: dialect ? kindOf(attributes, dialect, span.name) : null,
      description: textAt(attributes, ATTR_OP_DESCRIPTION) ?? '',
      sourceHash: textAt(attributes, ATTR_OP_SOURCE_HASH),
      input,
      output,
      outputHash: textAt(attributes, ATTR_OUTPUT_HASH) ?? hashOf(output),
      templates: templatesOf(attributes),
      callId: shared.callId,
      model: shared.model,
      provider: shared.provider,
      inputTokens: shared.inputTokens,
      outputTokens: shared.outputTokens,
      cacheReadTokens: shared.cacheReadTokens,
      cacheWriteTokens: shared.cacheWriteTokens,
      reasoningTokens: shared.reasoningTokens,
      costUsd: shared.costUsd,
      session: shared.session,
      user: shared.user,
      service: shared.service,
      error: shared.error,
      errorFrame: shared.errorFrame,
    },
  }
}

/** The JSON text of a plain text is canonical as it stands. */
function hashOf(output: Captured | null): string | null {
  if (!output) return null
  return output.plain ? sha256(output.json) : valueHash(parseCaptured(output))
}

function templatesOf(attributes: Attributes): string | null {
  if (!(attributeFlagsOf(attributes) & attributeFlag.inputTemplate)) return null
  const found: [string, string][] = []
  for (const [key, value] of attributes) {
    if (!key.startsWith(PREFIX_INPUT_TEMPLATE) || typeof value !== 'string') continue
    found.push([key.slice(PREFIX_INPUT_TEMPLATE.length), value.toWellFormed()])
  }
  return found.length === 0 ? null : JSON.stringify(Object.fromEntries(found))
}

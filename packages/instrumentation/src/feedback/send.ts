import { SCHEMA_URL, SCOPE_NAME } from '@trace2/core'
import { shownAddress } from '../address.ts'
import { raise } from '../errors.ts'
import {
  type FeedbackIds,
  feedbackAttributes,
  type GivenFeedback,
  validIds,
  wholeTrace,
} from './attributes.ts'
import { emptyText, readFeedbackContent } from './content.ts'
import type { SoundFeedback } from './sound-feedback.ts'

/** Where {@link sendFeedback} sends feedback to. */
export interface FeedbackReceiver {
  /** Base URL of an OTLP/HTTP receiver: a Trace2 collector or any OpenTelemetry Collector. */
  readonly endpoint: string
  /** Headers of the request, for example `authorization`. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** The function that sends the request. Default: the `fetch` of the runtime. */
  readonly fetch?: typeof fetch | undefined
}

const timeoutMs = 10_000

/**
 * Sends feedback from a process that has no OpenTelemetry and knows only the ids, such as a web backend, an edge function or
 * a page. The promise resolves when the receiver has accepted it.
 *
 * @throws {Trace2Error} `T2_FEEDBACK_TARGET` if the ids are malformed, `T2_FEEDBACK_EMPTY` if the feedback has no score,
 * label or comment, `T2_FEEDBACK_SEND` if the receiver cannot be reached or refuses it.
 * @example
 * await sendFeedback({ endpoint: 'http://localhost:4318' }, { traceId }, { name: 'thumb', score: 0, source: 'human' })
 */
export async function sendFeedback(
  receiver: FeedbackReceiver,
  target: FeedbackIds,
  given: GivenFeedback,
): Promise<void> {
  const ids = validIds(target.traceId, target.spanId)
  if (!ids) {
    throw raise('T2_FEEDBACK_TARGET', 'Feedback was not sent: its target has no valid ids.')
  }
  const { content, refused } = readFeedbackContent(given)
  if (!content) throw raise('T2_FEEDBACK_EMPTY', emptyText(given, refused, 'sent'))
  const { traceId, spanId = wholeTrace } = ids
  const { endpoint, headers, fetch: send = fetch } = receiver
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`
  const shown = shownAddress(url)
  let response: Response
  try {
    response = await send(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(exportRequest(traceId, spanId, content)),
      signal: AbortSignal.timeout(timeoutMs),
    })
  } catch (error) {
    throw raise('T2_FEEDBACK_SEND', `${shown} cannot be reached: ${String(error)}.`, {
      cause: error,
    })
  }
  if (!response.ok)
    throw raise('T2_FEEDBACK_SEND', `${shown} answered with status ${response.status}.`)
}

/** One carrier span, as OTLP/HTTP has it in JSON. */
function exportRequest(traceId: string, spanId: string, content: SoundFeedback): object {
  const now = `${Date.now()}000000`
  const attributes = Object.entries(feedbackAttributes(content, spanId)).map(([key, value]) => ({
    key,
    value: Array.isArray(value)
      ? { arrayValue: { values: value.map(scalarValue) } }
      : scalarValue(value),
  }))
  const span = {
    traceId: spanId === wholeTrace ? randomHex(16) : traceId,
    spanId: randomHex(8),
    ...(spanId === wholeTrace ? {} : { parentSpanId: spanId }),
    name: `feedback ${content.name}`,
    kind: 1,
    startTimeUnixNano: now,
    endTimeUnixNano: now,
    attributes,
    links: [{ traceId, spanId }],
    status: {},
  }
  const scopeSpans = [{ scope: { name: SCOPE_NAME }, schemaUrl: SCHEMA_URL, spans: [span] }]
  return { resourceSpans: [{ resource: { attributes: [] }, scopeSpans }] }
}

function scalarValue(value: string | number): object {
  return typeof value === 'number' ? { doubleValue: value } : { stringValue: value }
}

function randomHex(bytes: number): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes))
  return Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

import { raise } from '../errors.ts'
import type { Failure, FailureKind } from './failure.ts'
import { quoted } from './quote.ts'

/** Who was asked, for the words of an error. */
export interface Recipient {
  readonly model: string
  readonly endpoint: string
  readonly timeoutMs: number
}

type Code = Parameters<typeof raise>[0]

const kinds: Readonly<
  Record<FailureKind, readonly [code: Code, what: (failure: Failure, asked: Recipient) => string]>
> = {
  context: ['T2_MODEL_CONTEXT', () => 'has no room for prompt and answer together'],
  model: ['T2_MODEL_UNKNOWN', () => 'does not have this model'],
  key: ['T2_MODEL_KEY', () => 'does not take the key'],
  quota: ['T2_MODEL_QUOTA', () => 'has no credit left for this key'],
  rate: ['T2_MODEL_RATE', ({ retryAfterMs }) => `allows no more calls now${when(retryAfterMs)}`],
  filter: ['T2_MODEL_FILTERED', () => 'did not let its content filter pass this'],
  page: ['T2_MODEL_PAGE', () => 'answered with what is no answer of a model'],
  timeout: [
    'T2_MODEL_TIMEOUT',
    (_failure, { timeoutMs }) => `said nothing for ${duration(timeoutMs)}`,
  ],
  unreachable: ['T2_MODEL_UNREACHABLE', () => 'cannot be reached'],
  stream: ['T2_MODEL_STREAM', () => 'sent a stream that cannot be read'],
  dropped: ['T2_MODEL_DROPPED', () => 'broke the connection before the answer was complete'],
  server: ['T2_MODEL_CALL', () => 'failed'],
  request: ['T2_MODEL_CALL', () => 'refused the request'],
}

/** A failed call as an error with a code and a remedy, the endpoint's own words quoted. */
export function failureError(failure: Failure, asked: Recipient, cause: unknown): Error {
  const [code, what] = kinds[failure.kind]
  const message = `${quoted(asked.model).slice(1, -1)} at ${quoted(asked.endpoint).slice(1, -1)} ${what(failure, asked)}${saidBy(failure)}.`
  return raise(code, message, { cause })
}

/** ` (status 502): "Bad gateway"` */
function saidBy({ kind, status, answered, words }: Failure): string {
  if (kind === 'timeout') return ''
  if (words === '') return status === 0 ? '' : `: an empty answer (HTTP ${status})`
  const number = status === 0 ? '' : ` (${answered ? 'error' : 'status'} ${status})`
  return `${number}: ${quoted(words)}`
}

function when(waitMs: number | undefined): string {
  if (waitMs === undefined) return ''
  const now = new Date()
  const at = new Date(now.getTime() + waitMs)
  const day = at.toDateString() === now.toDateString() ? '' : `${at.toDateString()} `
  const time = at.toTimeString().slice(0, 8)
  return `; it may be asked again in ${duration(waitMs)}, at ${day}${time}`
}

/** `1 second`, `90 seconds`, `5 minutes`, `7 days`: a time in words. */
export function duration(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000))
  if (seconds < 120) return `${seconds} ${seconds === 1 ? 'second' : 'seconds'}`
  const minutes = Math.round(seconds / 60)
  if (minutes < 120) return `${minutes} minutes`
  const hours = Math.round(minutes / 60)
  return hours < 72 ? `${hours} hours` : `${Math.round(hours / 24)} days`
}

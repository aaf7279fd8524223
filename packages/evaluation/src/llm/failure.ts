import { property, textProperty } from './property.ts'
import { UnreadableStream } from './streamed.ts'
import { resetInHeaders, waitInError, waitInHeaders, waitInWords } from './wait-hint.ts'

/** What kept an endpoint from answering. */
export type FailureKind =
  | 'context'
  | 'model'
  | 'key'
  | 'quota'
  | 'rate'
  | 'filter'
  | 'page'
  | 'timeout'
  | 'unreachable'
  | 'dropped'
  | 'stream'
  | 'server'
  | 'request'

/** A failed call, read: what it is, and what the endpoint said. */
export interface Failure {
  readonly kind: FailureKind
  /** The endpoint's own words, or those of the network; not yet safe to print. */
  readonly words: string
  /** HTTP status, or the one that an error in an answer has; 0 where there is none. */
  readonly status: number
  /** Whether the error came in the place of an answer, under the status of one. */
  readonly answered: boolean
  readonly code: string
  /** The parameter that the endpoint names, where it does. */
  readonly param: string
  /** Milliseconds after which the endpoint says it may be asked again. */
  readonly retryAfterMs: number | undefined
}

type Facts = Omit<Failure, 'kind'> & {
  readonly page: boolean
  readonly network: string
  readonly unreadable: boolean
  /** Whether the words or members of the error say when, and not only its headers. */
  readonly saysWhen: boolean
}

/**
 * Kinds by what an endpoint says, the most telling first. Words decide before the status does: gateways and small
 * servers answer 400, 404, 413, 422, 429, 500 or even 200 for the same thing.
 */
const rules: readonly (readonly [FailureKind, (facts: Facts) => boolean])[] = [
  ['stream', ({ unreadable }) => unreadable],
  [
    'timeout',
    ({ network }) =>
      /TIMEDOUT|_TIMEOUT|APIConnectionTimeout/.test(network) && !/CONNECT|ETIMEDOUT/.test(network),
  ],
  // A compressed answer that is not what its header says.
  ['page', ({ network }) => /Z_DATA_ERROR/.test(network)],
  [
    'dropped',
    ({ network }) =>
      /Z_BUF_ERROR|ECONNRESET|ECONNABORTED|EPIPE|UND_ERR_(?:SOCKET|RES|ABORTED)|PREMATURE|HPE_|SocketError/.test(
        network,
      ),
  ],
  ['unreachable', ({ network }) => network !== ''],
  ['page', ({ page, status }) => page && status < 500 && status !== 413],
  ['filter', ({ words, code }) => isFiltered(`${code} ${words}`)],
  [
    'quota',
    ({ words, code, status, saysWhen }) =>
      status === 402 ||
      /insufficient_quota|billing_hard_limit|payment_required/i.test(code) ||
      (/exceeded your current quota|insufficient (?:quota|credit|balance|fund)|out of credit|credit balance|no credits|top up|billing/i.test(
        words,
      ) &&
        !saysWhen),
  ],
  ['context', ({ words, code, status }) => status === 413 || isOverflow(code, words)],
  [
    'model',
    ({ words, code, status }) =>
      isUnknownModel(code, words) || (status === 404 && /\bmodel\b/i.test(words)),
  ],
  [
    'rate',
    ({ words, code, status }) =>
      status === 429 ||
      /rate_limit|RESOURCE_EXHAUSTED|rate limit|too many requests/i.test(`${code} ${words}`),
  ],
  // No other key helps where a place is not served.
  ['request', ({ words, code }) => unserved.test(`${code} ${words}`)],
  [
    'key',
    ({ words, code, status }) =>
      status === 401 ||
      status === 403 ||
      /invalid_api_key|authentication_error|permission_denied|UNAUTHENTICATED/i.test(code) ||
      /\b(?:api|access) (?:key|token)\b.{0,60}\b(?:invalid|incorrect|not valid|missing|required|expired|provide)|\b(?:invalid|incorrect|missing|no|expired)\b.{0,20}\bapi[ _-]?key|unauthorized/i.test(
        words,
      ),
  ],
  ['page', ({ status }) => status === 404 || status === 405],
  ['server', ({ status }) => status >= 500 || status === 408 || status === 409 || status === 0],
]

const unserved =
  /\b(?:country|countries|region|territory|location)\b.{0,60}\b(?:not (?:supported|available|allowed|permitted)|unsupported|blocked|restricted)|unsupported_country|not (?:supported|available|allowed) in your (?:country|region|location)/i

const filtered =
  /content_filter|content_policy|PROHIBITED_CONTENT|responsible ?ai|moderation_blocked|\binvalid_prompt\b|requires moderation|\b(?:input|prompt|request|content|messages?|text)\b.{0,30}\bflagged\b|\bflagged (?:for|as|by)\b/i

/** An account can be flagged as well, which no other prompt helps. */
function isFiltered(text: string): boolean {
  return filtered.test(text) && !/\b(?:account|organi[sz]ation|key)\b.{0,30}\bflagged/i.test(text)
}

const overflow =
  /context[ _-]?(?:length|window|size|limit)|\b(?:input|prompt) length\b.{0,30}\bshould be\b|maximum context|context\b.{0,30}\btoo (?:long|large|small)|max_model_len|\bn_ctx\b|prompt (?:is )?too (?:long|large)|input (?:is )?too (?:long|large)|too many (?:input |prompt )?tokens|reduce the length|input token count|\binputs\b.{0,8}(?: tokens \+|must have less than \d+ tokens)|(?:prompt|input|request|messages?)\b.{0,60}\btokens?\b.{0,60}\b(?:exceed|too large|longer|more than)|exceeds? the (?:available|maximum) (?:context|number of tokens)/i

/** The most that any answer may have, whatever the prompt: `max_tokens must be less than or equal to 2048`. */
const capOfAnswers =
  /max_(?:completion_|output_|new_)?tokens\W{0,3} (?:must|should|can(?:not)?) be (?:at most|no more than|up to|less than|<=|≤|greater than|more than)/i

function isOverflow(code: string, words: string): boolean {
  if (capOfAnswers.test(words) && !/\b(?:inputs?|prompt|messages)\b/i.test(words)) return false
  return (
    /context_length|exceed_context|string_above_max_length/i.test(code) ||
    (overflow.test(words) && !/per[ -]min|\bTPM\b|\bRPM\b|rate.?limit/i.test(words))
  )
}

const unknownModel =
  /\bmodels?\b[^.]{0,80}?\b(?:not found|(?:does|did) not exist|doesn't exist|not loaded|is unknown|no longer (?:available|supported))|(?:unknown|invalid|no such|unrecognized) model\b|no models? (?:is |are )?loaded|deployment\b.{0,80}\bnot exist|no endpoints found for\b/i

function isUnknownModel(code: string, words: string): boolean {
  return (
    /model_not_found|invalid_model|DeploymentNotFound|unknown_model/i.test(code) ||
    unknownModel.test(words)
  )
}

/** Reads what a client threw, or an error that came as an answer. */
export function failureOf(error: unknown): Failure {
  const facts = factsOf(error)
  const kind = rules.find(([, holds]) => holds(facts))?.[0] ?? 'request'
  const { words, status, answered, code, param } = facts
  // Headers that tell of limits stand in every answer; only where one was reached do they say how long to wait.
  const reset = kind === 'rate' ? resetInHeaders(property(error, 'headers')) : undefined
  const retryAfterMs = facts.retryAfterMs ?? reset
  return { kind, words, status, answered, code, param, retryAfterMs }
}

function factsOf(error: unknown): Facts {
  const body = property(error, 'error')
  const code = [property(error, 'code'), property(body, 'code'), property(body, 'type')].find(
    (each) => (typeof each === 'string' && each !== '') || typeof each === 'number',
  )
  // Gateways pass on a status as the code of an error that they answer with 200, or within a stream.
  const status = Number(property(error, 'status') ?? (Number(code) >= 400 ? code : 0)) || 0
  const message = messageOf(error, body)
  const network = status === 0 && body === undefined ? networkOf(error) : ''
  const saidWait = waitInError(body) ?? waitInWords(message)
  return {
    words: network === '' ? message : wordsOfNetwork(error, message),
    status,
    answered: status !== 0 && property(error, 'status') === undefined,
    code: String(code ?? ''),
    param: textProperty(error, 'param') || textProperty(body, 'param'),
    retryAfterMs: waitInHeaders(property(error, 'headers')) ?? saidWait,
    saysWhen: saidWait !== undefined,
    page: property(body, 'page') === true,
    network,
    unreadable: error instanceof UnreadableStream,
  }
}

function messageOf(error: unknown, body: unknown): string {
  const told = textProperty(body, 'message')
  // What the endpoint said was read before; that it said nothing is no reason to quote what was made of it.
  if (told !== '' || typeof property(body, 'page') === 'boolean') return told.trim()
  return error instanceof Error && error.message !== ''
    ? error.message
    : textProperty(error, 'message') || String(error)
}

/** Names and codes of an error and of what caused it, where it is the network's; empty where an endpoint answered. */
function networkOf(error: unknown): string {
  const names: string[] = []
  let each = error
  for (let depth = 0; each instanceof Error && depth < 6; depth++) {
    names.push(each.constructor.name, textProperty(each, 'code'))
    const [first]: unknown[] = each instanceof AggregateError ? each.errors : []
    each = first ?? each.cause
  }
  const text = names.join(' ')
  return /APIConnection|FetchError|SocketError|TypeError|\bE[A-Z]{3,}|UND_ERR|ERR_/.test(text)
    ? text
    : ''
}

/** The innermost words: what wraps them only says that the connection failed. */
function wordsOfNetwork(error: unknown, message: string): string {
  let words = message
  let each = error
  for (let depth = 0; each instanceof Error && depth < 6; depth++) {
    if (each.message !== '') words = each.message
    const [first]: unknown[] = each instanceof AggregateError ? each.errors : []
    each = first ?? each.cause
  }
  return words
}

import type { Failure } from './failure.ts'
import { asksStrictly, type Forms, limitOf, seedOf } from './forms.ts'
import type { ChatRequest } from './request.ts'

/** Other forms to try, and whether what was learned holds for later requests too. */
export interface OtherForms {
  readonly forms: Forms
  readonly lasting: boolean
}

/**
 * The forms to try next where an endpoint refused a part of the request: found by what it says, whatever its status.
 * `undefined` where it refused something else: a context that overflows, an unknown model or a key that is missing are
 * not helped by another form.
 */
export function otherForms(
  failure: Failure,
  request: ChatRequest,
  forms: Forms,
): OtherForms | undefined {
  if (failure.kind === 'stream') {
    return forms.stream ? { forms: { ...forms, stream: false }, lasting: true } : undefined
  }
  const capped = cappedLimit(failure, request, forms)
  if (capped) return capped
  if (!mayBeForm(failure)) return undefined
  for (const { names, sent, next } of parts) {
    if (!sent(request, forms) || !names(failure, forms)) continue
    return { forms: { ...forms, ...next(failure, request, forms) }, lasting: true }
  }
  return undefined
}

/** Some servers answer 500 where they check a request, and gateways 404 for what stands behind them. */
function mayBeForm({ kind, status, param }: Failure): boolean {
  if (kind === 'request' || kind === 'server') return status !== 408 && status !== 409
  return (kind === 'page' || kind === 'model') && (param !== '' || status === 404 || status === 415)
}

interface Part {
  /** Whether the endpoint speaks of this part. */
  readonly names: (failure: Failure, forms: Forms) => boolean
  /** Whether the request had it. */
  readonly sent: (request: ChatRequest, forms: Forms) => boolean
  readonly next: (failure: Failure, request: ChatRequest, forms: Forms) => Partial<Forms>
}

const said = (words: RegExp) => (failure: Failure) =>
  words.test(`${failure.param} ${failure.code} ${failure.words}`)

const unwanted =
  /not support|unsupported|not (?:allowed|permitted|enabled|available|implemented|recognized|compatible|accept)|unknown|unrecogni[sz]ed|unexpected|invalid|extra|forbid|must (?:be|alternate)|should be|only\b|cannot|can't|disallow|no field|not a valid|ignored/i

/** What says that, and names the part. */
const refused = (words: RegExp) => (failure: Failure) =>
  words.test(failure.param) ||
  (words.test(failure.words) &&
    (unwanted.test(failure.words) || /unsupported|unknown|invalid|extra/i.test(failure.code)))

const unrouted = /no endpoints found that (?:can handle|support) the requested parameters/i

const parts: readonly Part[] = [
  {
    names: refused(/stream_options|include_usage/),
    sent: (_request, { stream, usage }) => stream && usage,
    next: () => ({ usage: false }),
  },
  {
    names: refused(/\bstream(?:ing|ed)?\b/i),
    sent: (_request, { stream }) => stream,
    next: () => ({ stream: false }),
  },
  {
    names: refused(/\btemperature\b/i),
    sent: ({ temperature }, forms) => temperature !== undefined && forms.temperature,
    next: () => ({ temperature: false }),
  },
  {
    names: refused(/\bseed\b/i),
    sent: (request, { seed }) => seed && seedOf(request) > 0,
    next: () => ({ seed: false }),
  },
  {
    names: refused(/max_(?:completion_|output_|new_)?tokens|maxOutputTokens/i),
    sent: ({ maxOutputTokens }, { limits }) => maxOutputTokens !== undefined && limits.length > 0,
    next: (_failure, _request, { limits }) => ({ limits: limits.slice(1) }),
  },
  {
    names: refused(/\bstrict\b/i),
    sent: ({ schema }, { format }) => asksStrictly(schema?.schema, format),
    next: () => ({ format: 'schema' }),
  },
  {
    names: said(
      /(?:response|output)_format|response_?schema|json_validate_failed|failed to generate (?:a )?(?:valid )?json|failed_generation|json[_ ]?schema|json[_ ]?object|json[_ ]?mode|structured[_ ]outputs?|\bgrammar|guided[_ ](?:json|decoding)|(?:invalid|unsupported|parse|convert)[^.]{0,40}\bschema\b|\bschema\b[^.]{0,40}(?:invalid|not supported|unsupported)|'?(?:text|json_object)'? or '?(?:text|json_object|json_schema)'?|no endpoints found that (?:can handle|support) the requested parameters/i,
    ),
    sent: ({ schema }, { format }) => schema !== undefined && format !== 'none',
    next: (failure, { schema }, { format }) => ({ format: simpler(failure, format, schema) }),
  },
  {
    names: refused(
      /\b(?:system|developer)\b[^.]{0,20}(?:role|message|prompt|instruction)|\brole\b[^.]{0,60}\b(?:system|developer)\b|\brole\b|roles must alternate|\buser\b[^.]{0,20}\bassistant\b/i,
    ),
    sent: ({ messages }, { system }) =>
      system !== 'user' && messages.some(({ role }) => role === 'system'),
    next: ({ words }, _request, { system }) => ({
      system:
        system === 'system' && /developer/i.test(words) && !/developer instruction/i.test(words)
          ? 'developer'
          : 'user',
    }),
  },
  // A router that does not say which parameter no endpoint takes.
  {
    names: said(unrouted),
    sent: (request, { seed }) => seed && seedOf(request) > 0,
    next: () => ({ seed: false }),
  },
  {
    names: said(unrouted),
    sent: ({ temperature }, forms) => temperature !== undefined && forms.temperature,
    next: () => ({ temperature: false }),
  },
]

/** The next simpler format that the words do not rule out as well. */
function simpler(
  { words }: Failure,
  format: Forms['format'],
  schema: ChatRequest['schema'],
): Forms['format'] {
  const isFieldUnknown =
    /\b(?:unknown|unrecogni[sz]ed|unexpected|extra)\b[^.]{0,40}\b(?:parameter|argument|field|key|inputs?|name)s?\b/i.test(
      words,
    )
  if (
    format === 'object' ||
    (isFieldUnknown && !/json_schema|json_object|response_?schema/i.test(words))
  )
    return 'none'
  // In these words llama-cpp-python says it, which takes a schema beside `json_object` and keeps to it.
  if (format !== 'guided' && /'text' or 'json_object'/.test(words)) return 'guided'
  // Of the schema itself, and not only of its being one.
  const isOfSchema = /\bschema\b/i.test(words)
  return isOfSchema && asksStrictly(schema?.schema, format) ? 'schema' : 'object'
}

/** The fewest tokens that are worth an answer. */
const fewest = 64

/**
 * The same with the longest answer that the endpoint allows, where it says that the limit on it is too high. A limit
 * that depends on the length of the prompt holds for this request only.
 */
function cappedLimit(
  { words, kind }: Failure,
  request: ChatRequest,
  forms: Forms,
): OtherForms | undefined {
  const asked = limitOf(request, forms)
  if (asked === undefined || forms.limits.length === 0) return undefined
  if (kind === 'key' || kind === 'model' || kind === 'rate') return undefined
  if (
    !/max_(?:completion_|output_|new_)?tokens|maxOutputTokens|completion tokens|output tokens/i.test(
      words,
    )
  )
    return undefined
  if (
    !/too (?:large|high|big)|at most|maximum|exceed|less than|<=|≤|up to|range|greater than|larger/i.test(
      words,
    )
  )
    return undefined
  const [, whole, prompt] =
    /> ?(\d+) ?- ?(\d+)/.exec(words) ??
    /\binputs\b.{0,8} tokens \+.{0,40}<= ?(\d+)\. Given: ?(\d+)/i.exec(words) ??
    []
  if (whole !== undefined && prompt !== undefined) {
    const most = Number(whole) - Number(prompt)
    return most >= fewest && most < asked
      ? { forms: { ...forms, most }, lasting: false }
      : undefined
  }
  if (kind === 'context') return undefined
  const numbers = (words.match(/\d[\d,_]*/g) ?? []).map((text) => Number(text.replace(/[,_]/g, '')))
  const most = Math.max(...numbers.filter((number) => number >= fewest && number < asked))
  return most >= fewest ? { forms: { ...forms, most }, lasting: true } : undefined
}

import { objectOf } from './json-values.ts'

type Fits = (body: unknown) => boolean

/** Forms in which others write traces, each told by members that OTLP does not have. */
const forms: readonly (readonly [what: string, fits: Fits])[] = [
  ['a trace that Langfuse has exported, which is no OTLP', either(has('observations'))],
  ['observations that Langfuse has exported, which are no OTLP', either(isObservation)],
  ['the JSON of Zipkin', first(has('traceId', 'id'))],
  ['the JSON of Jaeger', inside('data', has('traceID'))],
  ['the JSON of Jaeger', inside('spans', has('traceID'))],
  ['the JSON of Datadog', first(first(has('trace_id', 'span_id')))],
  ['the JSON of SkyWalking', either(has('traceSegmentId'))],
  ['a segment of X-Ray', has('trace_id', 'start_time')],
  ['events of Honeycomb', either(within('data', has('trace.trace_id')))],
  ['events for the ingestion API of Langfuse', inside('batch', has('body'))],
  ['events for the ingestion API of Langfuse', has('batch', 'metadata')],
  ['runs for the API of LangSmith', either(has('run_type'))],
  ['runs for the API of LangSmith', has('post')],
  ['runs for the API of LangSmith', has('patch')],
  ['a trace of MLflow', (body) => has('info')(body) && within('data', has('spans'))(body)],
  ['a trace of the OpenAI Agents SDK', inside('data', isOpenAiTrace)],
  ['spans of Braintrust', inside('events', has('root_span_id'))],
  ['a data frame of OpenInference spans', either(has('context.trace_id'))],
  ['spans of Phoenix', inside('data', within('context', has('trace_id')))],
  ['the trace events of a browser', has('traceEvents')],
  ['what the console exporter of OpenTelemetry prints', either(isPrintedSpan)],
  ['a list of OTLP requests, each of which is a body of its own', first(isRequest)],
  [`the items of a list that belongs into {"resourceSpans": …}`, either(has('scopeSpans'))],
  ['an answer of Tempo: send its "batches" as "resourceSpans"', inside('batches', isGroup)],
  ['an OTLP request inside of another object: send the inner one', isWrapped],
  ['an OTLP request as a text: encode it once', isEncodedTwice],
  [
    'spans of OTLP without the resource and the scope around them',
    either(has('traceId', 'spanId')),
  ],
  ['spans of OTLP without the resource and the scope around them', inside('spans', has('spanId'))],
  [
    'traces of another tool, each of which has its spans beside its id',
    either(has('traceId', 'spans')),
  ],
  ['an OTLP request with other capital letters in its names', hasOtherLetters],
  ['a request for a model', has('messages')],
  ['a request for a model', has('contents')],
  ['a query of GraphQL', has('query')],
  ['a call of JSON-RPC', has('jsonrpc')],
]

/** What a body that is no OTLP looks like, as the end of a sentence; empty where it looks like nothing that is known. */
export function lookOf(body: unknown): string {
  const form = forms.find(([, fits]) => fits(body))
  return form ? `; it looks like ${form[0]}` : ''
}

function isObservation(item: unknown): boolean {
  return has('traceId')(item) && /^(?:GENERATION|SPAN|EVENT)$/.test(String(objectOf(item)?.type))
}

function isPrintedSpan(span: unknown): boolean {
  return within('context', has('trace_id'))(span) || has('traceId', 'duration')(span)
}

function isOpenAiTrace(item: unknown): boolean {
  const kind = objectOf(item)?.object
  return kind === 'trace' || kind === 'trace.span'
}

function isRequest(body: unknown): boolean {
  return has('resourceSpans')(body) || has('resource_spans')(body)
}

function isGroup(item: unknown): boolean {
  return has('scopeSpans')(item) || has('instrumentationLibrarySpans')(item)
}

function isWrapped(body: unknown): boolean {
  return Object.values(objectOf(body) ?? {}).some(isRequest)
}

function isEncodedTwice(body: unknown): boolean {
  return typeof body === 'string' && /^\s*\{\s*"resource_?spans"/i.test(body)
}

function hasOtherLetters(body: unknown): boolean {
  return Object.keys(objectOf(body) ?? {}).some((name) => /^resource_?spans$/i.test(name))
}

function has(...names: readonly string[]): Fits {
  return (value) => names.every((name) => objectOf(value)?.[name] !== undefined)
}

function within(name: string, fits: Fits): Fits {
  return (value) => fits(objectOf(value)?.[name])
}

function inside(name: string, fits: Fits): Fits {
  return within(name, first(fits))
}

function first(fits: Fits): Fits {
  return (list) => Array.isArray(list) && fits(list[0])
}

/** One, or a list of them. */
function either(fits: Fits): Fits {
  return (body) => fits(body) || first(fits)(body)
}

import { objectOf } from './json-values.ts'

/** Forms in which others write traces, each told by members that OTLP does not have. */
const forms: readonly [what: string, has: (body: unknown) => boolean][] = [
  ['the JSON of Zipkin', (body) => first(body, (span) => has(span, 'traceId') && has(span, 'id'))],
  ['the JSON of Jaeger', (body) => inside(body, 'data', (trace) => has(trace, 'traceID'))],
  ['the JSON of Jaeger', (body) => inside(body, 'spans', (span) => has(span, 'traceID'))],
  [
    'events for the ingestion API of Langfuse',
    (body) => inside(body, 'batch', (event) => has(event, 'body')),
  ],
  ['runs for the API of LangSmith', (body) => has(body, 'post') || has(body, 'patch')],
  ['the trace events of a browser', (body) => has(body, 'traceEvents')],
  ['a request for a model', (body) => has(body, 'messages') || has(body, 'contents')],
  ['what the console exporter of OpenTelemetry prints', isPrintedSpan],
  ['what the console exporter of OpenTelemetry prints', (body) => first(body, isPrintedSpan)],
]

/** What a body that is no OTLP looks like, as the end of a sentence; empty where it looks like nothing that is known. */
export function lookOf(body: unknown): string {
  const form = forms.find(([, fits]) => fits(body))
  return form ? `; it looks like ${form[0]}` : ''
}

function isPrintedSpan(span: unknown): boolean {
  const context = objectOf(span)?.context
  return has(context, 'trace_id') || (has(span, 'traceId') && has(span, 'duration'))
}

function has(value: unknown, name: string): boolean {
  return objectOf(value)?.[name] !== undefined
}

function inside(body: unknown, name: string, fits: (item: unknown) => boolean): boolean {
  return first(objectOf(body)?.[name], fits)
}

function first(list: unknown, fits: (item: unknown) => boolean): boolean {
  return Array.isArray(list) && fits(list[0])
}

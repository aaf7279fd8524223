import {
  eventsOf,
  inputsOf,
  linksOf,
  resourceRef,
  type SpanSource,
  scopeRef,
  writeSpanAttributes,
} from '../ingest/span-rows.ts'
import { columnsOf, type ShownColumn } from './column.ts'
import { table } from './table.ts'
import { timestamp } from './view-text.ts'

const of = columnsOf<SpanSource>()
const { text, textOrNull, jsonOrNull, unsigned, unsignedOrNull, count, boolean } = of
/** Of columns that are read from a span together with its notes; what was received is never changed. */
const reread = { reread: true }
const added = { ...reread, since: 9 }

export const spanTable = table({
  name: 'span',
  doc: 'One row per span: what was received, without loss, and what is read from it.',
  columns: [
    text('trace_id', 'Trace that it is part of: 32 hex digits.', ({ record }) => record.traceId),
    text('span_id', 'Its own id: 16 hex digits.', ({ record }) => record.spanId),
    textOrNull(
      'parent_span_id',
      'Span inside of which it ran.',
      ({ record }) => record.parentSpanId ?? null,
    ),
    unsigned('start_ns', 'Start, in nanoseconds since 1970.', ({ record }) => record.startNs, {
      shown: [
        shown('start_ns', 'UBIGINT', 'span.start_ns', 'Start, in nanoseconds since 1970.'),
        shown('started_at', 'TIMESTAMP_NS', timestamp('span.start_ns'), 'Start, in UTC.'),
      ],
    }),
    unsigned('end_ns', 'End, in nanoseconds since 1970.', ({ record }) => record.endNs, {
      shown: [
        shown('end_ns', 'UBIGINT', 'span.end_ns', 'End, in nanoseconds since 1970.'),
        shown('ended_at', 'TIMESTAMP_NS', timestamp('span.end_ns'), 'End, in UTC.'),
        shown(
          'duration_ms',
          'DOUBLE',
          'greatest(span.end_ns::HUGEINT - span.start_ns::HUGEINT, 0)::DOUBLE / 1e6',
          'Milliseconds from start to end.',
        ),
      ],
    }),
    text('name', 'Name as received.', ({ record }) => record.name),
    count('span_kind', 'Kind as received: 1 internal … 5 consumer.', ({ record }) => record.kind),
    text('trace_state', 'W3C trace state.', ({ record }) => record.traceState),
    count('flags', 'W3C trace flags.', ({ record }) => record.flags),
    count(
      'status_code',
      'Status: 0 unset, 1 ok, 2 error.',
      ({ record: { status } }) => status.code,
    ),
    text('status_message', 'Message of the status.', ({ record: { status } }) => status.message),
    of.writtenJson('attributes', 'Attributes, each as it was received.', writeSpanAttributes, {
      shown: [
        shown(
          'attributes',
          'JSON',
          'whole_attributes(span.attributes, span.input, span.input_plain, span.output, span.output_plain)',
          'Attributes, each as it was received.',
        ),
      ],
    }),
    count(
      'dropped_attributes',
      'Number of attributes that the sender left out.',
      ({ record }) => record.droppedAttributesCount,
    ),
    of.writtenJsonOrNull('events', 'Events: a list of time, name and attributes.', eventsOf),
    count(
      'dropped_events',
      'Number of events that the sender left out.',
      ({ record }) => record.droppedEventsCount,
    ),
    of.writtenJsonOrNull('links', 'Links: a list of span references with attributes.', linksOf),
    count(
      'dropped_links',
      'Number of links that the sender left out.',
      ({ record }) => record.droppedLinksCount,
    ),
    text('resource_ref', 'Hash of its resource in `content`.', resourceRef, {
      shown: [shown('resource', 'JSON', 'rc.text::JSON', 'Resource: what sent the span.')],
    }),
    text('scope_ref', 'Hash of its instrumentation scope in `content`.', scopeRef, {
      shown: [
        shown('scope', 'JSON', 'sc.text::JSON', 'Instrumentation scope: what made the span.'),
      ],
    }),
    text(
      'kind',
      '`run`, `op`, `feedback`, or `aside` for what is no step of a run.',
      ({ canonical }) => canonical.kind,
    ),
    text(
      'dialect',
      'Convention in which it was written; `unread` where reading it has failed.',
      ({ canonical }) => canonical.dialect,
      reread,
    ),
    text('op', 'Name of the operator.', ({ canonical }) => canonical.op, reread),
    textOrNull(
      'op_kind',
      'What the operator is: `llm`, `tool`, `agent`, `retriever` and others.',
      ({ canonical }) => canonical.opKind,
      reread,
    ),
    text('description', 'What the operator does.', ({ canonical }) => canonical.description),
    textOrNull(
      'source_hash',
      'Hash of the source code of the operator.',
      ({ canonical }) => canonical.sourceHash,
    ),
    jsonOrNull('input', 'Input, unless it is long.', ({ input }) => input.json, {
      ...reread,
      shown: [captured('input', 'ic', 'Input.')],
    }),
    textOrNull('input_ref', 'Hash of a long input in `content`.', ({ input }) => input.ref, {
      ...reread,
      shown: [],
    }),
    boolean(
      'input_plain',
      'Whether the text of the input is no JSON but the value itself.',
      ({ input }) => input.plain,
      { ...reread, shown: [] },
    ),
    jsonOrNull('output', 'Output, unless it is long.', ({ output }) => output.json, {
      ...reread,
      shown: [captured('output', 'oc', 'Output.')],
    }),
    textOrNull('output_ref', 'Hash of a long output in `content`.', ({ output }) => output.ref, {
      ...reread,
      shown: [],
    }),
    boolean(
      'output_plain',
      'Whether the text of the output is no JSON but the value itself.',
      ({ output }) => output.plain,
      { ...reread, shown: [] },
    ),
    textOrNull(
      'output_hash',
      'Hash of the output, by which inputs of other spans are known to be it.',
      ({ canonical }) => canonical.outputHash,
      reread,
    ),
    jsonOrNull(
      'templates',
      'Static texts of templates, by role.',
      ({ canonical }) => canonical.templates,
      { shown: [] },
    ),
    textOrNull(
      'call_id',
      'Id of the tool call that it executes, or of the response that a model gave: spans with the same one tell of one request.',
      ({ canonical }) => canonical.callId,
      { ...reread, shown: [] },
    ),
    textOrNull('model', 'Model that was called.', ({ canonical }) => canonical.model, reread),
    textOrNull('provider', 'Provider of the model.', ({ canonical }) => canonical.provider, reread),
    unsignedOrNull(
      'input_tokens',
      'Tokens that the model read, those out of a cache included.',
      ({ canonical }) => canonical.inputTokens,
      reread,
    ),
    unsignedOrNull(
      'output_tokens',
      'Tokens that the model wrote, its thoughts included.',
      ({ canonical }) => canonical.outputTokens,
      reread,
    ),
    of.doubleOrNull(
      'cost_usd',
      'Cost of the call, in US dollars.',
      ({ canonical }) => canonical.costUsd,
      reread,
    ),
    textOrNull(
      'session',
      'Session or conversation that it is part of.',
      ({ canonical }) => canonical.session,
      reread,
    ),
    textOrNull('service', 'Service that sent it.', ({ canonical }) => canonical.service),
    textOrNull('error', 'What a failed operator threw.', ({ canonical }) => canonical.error),
    textOrNull(
      'error_frame',
      'Place in the program at which it was thrown.',
      ({ canonical }) => canonical.errorFrame,
      { shown: [] },
    ),
    unsigned(
      'received_ns',
      'When it was received, in nanoseconds since 1970.',
      ({ receivedNs }) => receivedNs,
      { shown: [] },
    ),
    of.writtenJsonOrNull(
      'inputs',
      'Where its inputs come from; `edge_ref` has a row for each.',
      inputsOf,
      { ...reread, shown: [] },
    ),
    unsignedOrNull(
      'cache_read_tokens',
      'Tokens of the input that came out of a cache.',
      ({ canonical }) => canonical.cacheReadTokens,
      added,
    ),
    unsignedOrNull(
      'cache_write_tokens',
      'Tokens of the input that were put into a cache.',
      ({ canonical }) => canonical.cacheWriteTokens,
      added,
    ),
    unsignedOrNull(
      'reasoning_tokens',
      'Tokens of the output that the model only thought.',
      ({ canonical }) => canonical.reasoningTokens,
      added,
    ),
    textOrNull(
      'user_id',
      'Person for whom the program worked, as it says.',
      ({ canonical }) => canonical.user,
      added,
    ),
  ],
  view: {
    name: 'v_span',
    from: `span
LEFT JOIN content ic ON ic.hash = span.input_ref
LEFT JOIN content oc ON oc.hash = span.output_ref
LEFT JOIN content rc ON rc.hash = span.resource_ref
LEFT JOIN content sc ON sc.hash = span.scope_ref`,
    order: [
      ...['trace_id', 'span_id', 'parent_span_id', 'kind', 'dialect', 'op', 'op_kind', 'name'],
      ...['service', 'session', 'user_id', 'started_at', 'ended_at', 'duration_ms'],
      ...['status_code', 'status_message', 'error', 'input', 'output', 'output_hash'],
      ...['model', 'provider', 'input_tokens', 'cache_read_tokens', 'cache_write_tokens'],
      ...['output_tokens', 'reasoning_tokens', 'cost_usd'],
      ...['description', 'source_hash', 'attributes', 'events', 'links', 'resource', 'scope'],
      ...['trace_state', 'flags', 'span_kind', 'start_ns', 'end_ns'],
      ...['dropped_attributes', 'dropped_events', 'dropped_links'],
    ],
  },
})

function shown(name: string, type: string, sql: string, doc: string): ShownColumn {
  return { name, type, sql, doc }
}

/** A captured value, wherever its text is. */
function captured(name: 'input' | 'output', content: string, doc: string): ShownColumn {
  const sql = `CASE
    WHEN span.${name}_ref IS NULL THEN span.${name}
    WHEN span.${name}_plain THEN to_json(${content}.text)
    ELSE ${content}.text::JSON
  END`
  return shown(name, 'JSON', sql, doc)
}

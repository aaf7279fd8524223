import { sha256 } from '@trace2/core'
import type { SpanNote } from '../../../reading/index.ts'
import { columnsOf } from './column.ts'
import { table } from './table.ts'

const { text, unsigned, json } = columnsOf<SpanNote>()

export const spanNoteTable = table({
  name: 'span_note',
  doc: 'One row per GenAI event (`gen_ai.*`) that came as a log of a span: the span is read together with it.',
  columns: [
    text('trace_id', 'Trace of the span.', ({ traceId }) => traceId),
    text('span_id', 'Span that it is about.', ({ spanId }) => spanId),
    unsigned('time_ns', 'When it happened, in nanoseconds since 1970.', ({ timeNs }) => timeNs),
    text('name', 'Name of the event.', ({ name }) => name),
    text('hash', 'Beginning of the hash of its body.', ({ body }) => sha256(body).slice(0, 16)),
    json('body', 'What it says.', ({ body }) => body),
  ],
  key: ['trace_id', 'span_id', 'time_ns', 'name', 'hash'],
})

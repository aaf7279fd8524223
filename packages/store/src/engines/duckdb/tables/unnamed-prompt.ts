import type { FoundPrompt } from '../../../reading/index.ts'
import { columnsOf } from './column.ts'
import { table } from './table.ts'

const { text, textOrNull, boolean, unsigned, json } = columnsOf<
  FoundPrompt & { readonly value: string }
>()

export const unnamedPromptTable = table({
  name: 'unnamed_prompt',
  doc: 'One row per prompt of a span that is to be named after a span around it which is not there yet.',
  columns: [
    text('trace_id', 'Trace of the span.', ({ traceId }) => traceId),
    text('span_id', 'Span that used it.', ({ spanId }) => spanId),
    unsigned('start_ns', 'Start of the span, in nanoseconds since 1970.', ({ startNs }) => startNs),
    unsigned('end_ns', 'End of the span, in nanoseconds since 1970.', ({ endNs }) => endNs),
    text('role', 'Role in which the span uses it.', ({ role }) => role),
    text('name', 'Its name where nothing around the span gives one.', ({ name }) => name),
    text('version', 'Version: it is made of the value.', ({ version }) => version),
    json('value', 'Value.', ({ value }) => value),
    textOrNull(
      'caller',
      'Agent or function that the span says it is part of.',
      ({ caller }) => caller,
    ),
    boolean('shown', 'Whether it is shown under that name until then.', () => false),
  ],
  since: 9,
})

import type { SpanRecord } from '../../../otlp/index.ts'
import type { ParameterUseRow } from '../../../reading/index.ts'
import { columnsOf } from './column.ts'
import { table } from './table.ts'

interface Source {
  readonly record: Pick<SpanRecord, 'traceId' | 'spanId' | 'startNs'>
  readonly use: ParameterUseRow & { readonly role?: string }
}

const { text, textOrNull, unsigned, doubleOrNull } = columnsOf<Source>()

export const parameterUseTable = table({
  name: 'parameter_use',
  doc: 'One row per use of a parameter by a span.',
  columns: [
    text('trace_id', 'Trace of the span.', ({ record }) => record.traceId),
    text('span_id', 'Span that used it.', ({ record }) => record.spanId),
    unsigned(
      'start_ns',
      'Start of the span, in nanoseconds since 1970.',
      ({ record }) => record.startNs,
      { shown: [] },
    ),
    text('name', 'Name of the parameter.', ({ use }) => use.name),
    text('version', 'Version that was used.', ({ use }) => use.version),
    doubleOrNull(
      'propensity',
      'Probability with which this version was chosen among several.',
      ({ use }) => use.propensity,
    ),
    textOrNull(
      'role',
      'Role in which the span uses it, where its inputs do not say: a prompt that was named after what is around the span.',
      ({ use }) => use.role ?? null,
      { since: 9, shown: [] },
    ),
  ],
  view: { name: 'v_parameter_use' },
})

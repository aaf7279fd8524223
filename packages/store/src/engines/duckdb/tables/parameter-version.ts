import type { ParameterRow } from '../../../reading/index.ts'
import { columnsOf } from './column.ts'
import { table } from './table.ts'
import { timestamp } from './view-text.ts'

/** A version of a parameter with the time at which it was first seen. */
export type SeenParameter = ParameterRow & { readonly firstSeenNs: bigint }

const { text, textOrNull, json, jsonOrNull, boolean, booleanOrNull, unsigned } =
  columnsOf<SeenParameter>()

export const parameterVersionTable = table({
  name: 'parameter_version',
  doc: 'One row per version of a parameter: each of its values has one.',
  columns: [
    text('name', 'Name of the parameter.', ({ name }) => name),
    text('version', 'Version: it is made of the value.', ({ version }) => version),
    json('value', 'Value.', ({ value }) => value),
    boolean('trainable', 'Whether an optimizer may change it.', ({ trainable }) => trainable),
    text('description', 'What it is for.', ({ description }) => description.toWellFormed()),
    jsonOrNull('schema', 'JSON Schema of its values.', ({ schema }) => schema),
    unsigned(
      'first_seen_ns',
      'When it was first seen, in nanoseconds since 1970.',
      ({ firstSeenNs }) => firstSeenNs,
      {
        shown: [
          {
            name: 'first_seen_at',
            type: 'TIMESTAMP_NS',
            sql: timestamp('first_seen_ns'),
            doc: 'When it was first seen, in UTC.',
          },
        ],
      },
    ),
    booleanOrNull(
      'added',
      'True of a version that was put in, and not only seen on spans.',
      () => null,
      { shown: [] },
    ),
    textOrNull(
      'kind',
      'Kind of its value, such as text, enum or code. Rows that were stored before version 7 have none.',
      ({ valueKind }) => valueKind,
      { since: 7 },
    ),
  ],
  key: ['name', 'version'],
  view: { name: 'v_parameter_version' },
})

/** Where a transaction collects versions before it adds those that are new: blocks of rows are quicker than values. */
export const newParameterVersionTable = table({
  name: 'new_parameter_version',
  doc: 'Versions of one transaction.',
  columns: parameterVersionTable.columns.filter(({ name }) => name !== 'added'),
})

import { columnsOf } from './column.ts'
import { table } from './table.ts'

interface Source {
  readonly key: bigint
  readonly from: bigint
  readonly to: bigint
  readonly spans: number
}

const { unsigned, count } = columnsOf<Source>()

export const traceTimeTable = table({
  name: 'trace_time',
  doc: 'One row per trace and batch that was written: by it a trace is found among the times of a large store.',
  columns: [
    unsigned('trace_key', 'Number that the first 16 digits of the trace id are.', ({ key }) => key),
    unsigned('from_ns', 'Earliest start of its spans in the batch.', ({ from }) => from),
    unsigned('to_ns', 'Latest start of its spans in the batch.', ({ to }) => to),
    count('spans', 'Number of its spans in the batch.', ({ spans }) => spans),
  ],
})

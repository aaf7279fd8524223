import { columnsOf } from './column.ts'
import { table } from './table.ts'

const { unsigned } = columnsOf<{ readonly iteration: bigint }>()

export const logBaseTable = table({
  name: 'log_base',
  doc: 'One row per write-ahead log: which state of the database file it goes on from.',
  columns: [
    unsigned(
      'iteration',
      'Number of the checkpoint that made the state, as the header of the file has it.',
      ({ iteration }) => iteration,
    ),
  ],
  since: 8,
})

import { plainBulk } from './plain-append.ts'
import type { Bulk } from './rows.ts'
import { vectorBulk } from './vector-append.ts'

export { columnsOf } from './columns.ts'
export type { Bulk, ColumnKind, RowBlock, RowBuffer } from './rows.ts'

/**
 * How rows get into tables: the one door to code that is unsafe for the sake of speed. It lays rows out in memory as
 * DuckDB's vectors are and writes addresses into them. With `TRACE2_PLAIN_APPENDER=1` rows take DuckDB's own appender
 * instead, value by value. Tests hold one way against the other.
 */
const bulk: Bulk = process.env.TRACE2_PLAIN_APPENDER === '1' ? plainBulk : vectorBulk

export const { rowBuffer, appendRows, appendBlocks } = bulk

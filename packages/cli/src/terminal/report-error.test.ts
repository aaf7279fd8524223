import { expect, it } from 'vitest'
import { explained } from './report-error.ts'

it.each([
  ['Could not write file "x.duckdb.wal": No space left on device', 'T2_DISK_FULL'],
  ['ENOSPC: no space left on device, write', 'T2_DISK_FULL'],
  ['EDQUOT: disk quota exceeded, write', 'T2_DISK_FULL'],
  ['x is not a function', 'T2_INTERNAL'],
])('takes %j for %s', (message, code) => {
  expect(explained(new Error(message)).code).toBe(code)
})

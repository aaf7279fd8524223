import { expect, it } from 'vitest'
import { raise } from '../../errors.ts'
import { failureOf } from './failure.ts'

it.each([
  ['Invalid Input Error: whatever else', 'defect', 'T2_INTERNAL', 500],
  ['IO Error: Corrupt database file: computed checksum 1', 'damage', 'T2_STORE_DAMAGED', 500],
  ['Could not write file "x.wal": No space left on device', 'disk', 'T2_STORE_WRITE', 503],
  ['Out of Memory Error: failed to pin block', 'memory', 'T2_INTERNAL', 500],
  ['FATAL Error: Failed: database has been invalidated', 'invalid', 'T2_INTERNAL', 500],
])('says of a call that failed with %j whose fault it is', (message, kind, code, status) => {
  const failure = failureOf(new Error(message))
  expect(failure).toMatchObject({ kind, error: { code, status, message } })
})

it.each([
  ['T2_RUN_UNKNOWN', 'refused'],
  ['T2_STORE_WRITE', 'disk'],
  ['T2_INTERNAL', 'defect'],
] as const)('leaves an error %s alone, which is %s', (code, kind) => {
  const error = raise(code, 'There is none.')
  expect(failureOf(error)).toEqual({ kind, error })
  expect(failureOf(error).error).toBe(error)
})

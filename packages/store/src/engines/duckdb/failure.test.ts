import { expect, it } from 'vitest'
import { raise } from '../../errors.ts'
import { callFailure } from './failure.ts'

it.each([
  ['Invalid Input Error: whatever else', 'T2_INTERNAL', 500],
  ['IO Error: Corrupt database file: computed checksum 1 does not', 'T2_STORE_DAMAGED', 500],
  ['Could not write file "x.wal": No space left on device', 'T2_STORE_WRITE', 503],
])('says of a call that failed with %j whose fault it is', (message, code, status) => {
  expect(callFailure(new Error(message))).toMatchObject({ code, status, message })
})

it('leaves an error alone that has its code', () => {
  const error = raise('T2_RUN_UNKNOWN', 'There is none.')
  expect(callFailure(error)).toBe(error)
})

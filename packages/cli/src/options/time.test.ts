import { expect, test } from 'vitest'
import { parseTime } from './time.ts'

const now = new Date('2026-11-23T12:00:00.000Z')

test.each([
  ['90s', '2026-11-23T11:58:30.000Z'],
  ['30m', '2026-11-23T11:30:00.000Z'],
  ['12h', '2026-11-23T00:00:00.000Z'],
  ['7d', '2026-11-16T12:00:00.000Z'],
  ['2w', '2026-11-09T12:00:00.000Z'],
  ['1.5h', '2026-11-23T10:30:00.000Z'],
  ['2026-11-01T10:00:00Z', '2026-11-01T10:00:00.000Z'],
  ['2026-11-01 10:00Z', '2026-11-01T10:00:00.000Z'],
])('%s is %s', (text, iso) => {
  expect(parseTime(text, now)).toBe(iso)
})

test('a date alone is its local midnight', () => {
  expect(parseTime('2026-11-01', now)).toBe(new Date(2026, 10, 1).toISOString())
})

test.each(['', '7', 'd', '-7d', '7 d', 'yesterday', '2026-13-01', '11/23/2026', '1e999d', '7D'])(
  '"%s" is refused',
  (text) => {
    expect(() => parseTime(text, now)).toThrow('Use 30m, 12h, 7d or 2w')
  },
)

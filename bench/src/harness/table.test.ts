import { expect, test } from 'vitest'
import type { Machine } from './machine.ts'
import { change, median, type Series, seriesOf } from './series.ts'
import { comparison, markdown } from './table.ts'

const machine: Machine = {
  ...{ processor: 'a processor', processors: 2, memoryGiB: 8, system: 'linux 6' },
  ...{ node: '20.19.0', duckdb: '1.5', trace2: '0.1.0' },
}

function series(values: readonly number[], unit = 'spans/s'): Series {
  return { name: 'stored', unit, better: unit === 'ms' ? 'less' : 'more', values }
}

test('the figures of some repetitions become series in the order in which they came', () => {
  const first = { name: 'stored', value: 3, unit: 'spans/s', better: 'more' } as const
  const second = { name: 'wait', value: 9, unit: 'ms', better: 'less' } as const
  const repetitions = [
    [first, second],
    [
      { ...first, value: 5 },
      { ...second, value: 7 },
    ],
  ]
  expect(seriesOf(repetitions)).toEqual([
    { name: 'stored', unit: 'spans/s', better: 'more', values: [3, 5] },
    { name: 'wait', unit: 'ms', better: 'less', values: [9, 7] },
  ])
})

test('a median is that of an even number of values too', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2.5)
})

test('what lies within the spread of what was is the same', () => {
  expect(change(series([10, 12]), series([11, 20]))).toBe('the same')
  expect(change(series([10, 12]), series([13, 20]))).toBe('better')
  expect(change(series([10, 12]), series([8, 9]))).toBe('worse')
  expect(change(series([10, 12], 'ms'), series([8, 9], 'ms'))).toBe('better')
})

test('figures are compared with what was saved on such a machine, and ratios with any', () => {
  const saved = (where: Machine) => ({
    machine: where,
    measurements: { collector: [series([100, 110]), { ...series([2], '×'), name: 'ratio' }] },
  })
  const now = [series([50, 60]), { ...series([1], '×'), name: 'ratio' }]
  const told = comparison('collector', now, machine, saved(machine)).join('\n')
  expect(told).toContain('55.0 spans/s (50.0 to 60.0)  was 105 spans/s (100 to 110): −48 %, worse')
  const other = comparison('collector', now, machine, saved({ ...machine, processors: 64 }))
  expect(other.join('\n')).not.toContain('was 105')
  expect(other.join('\n')).toContain('was 2.00 ×: −50 %, worse')
  expect(other.at(-1)).toContain('64 processors')
  expect(comparison('collector', now, machine, undefined).join('\n')).not.toContain('was')
})

test('a table has a row for each figure', () => {
  expect(
    markdown([series([50, 60])])
      .split('\n')
      .at(-1),
  ).toBe('| stored | 55.0 spans/s (50.0 to 60.0) |')
})

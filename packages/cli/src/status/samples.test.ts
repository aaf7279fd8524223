import fc from 'fast-check'
import { expect, test } from 'vitest'
import { samplesIn } from './samples.ts'

test('values are told by name and labels; what is not ours, and what is no number, is left alone', () => {
  const text = [
    '# HELP trace2_a What it is.',
    'trace2_a 3',
    'trace2_b{target="http://h:4318/x y",kind="a"} 1.5',
    'process_cpu_seconds_total 9',
    'trace2_c NaN',
  ].join('\n')
  expect(samplesIn(text)).toEqual([
    { name: 'trace2_a', labels: {}, value: 3 },
    { name: 'trace2_b', labels: { target: 'http://h:4318/x y', kind: 'a' }, value: 1.5 },
  ])
})

test('whatever a label holds, it is read as it was written', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (target) => {
      const escaped = target.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')
      expect(samplesIn(`trace2_a{target="${escaped}"} 1`)).toEqual([
        { name: 'trace2_a', labels: { target }, value: 1 },
      ])
    }),
  )
})

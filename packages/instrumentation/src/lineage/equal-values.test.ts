import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { bundle, run } from '../index.ts'
import { edgesOf, recordSpans } from '../testing/record.ts'

const recorded = recordSpans()
beforeEach(() => recorded.reset())
afterAll(() => recorded.stop())

const equal: [string, () => unknown, () => unknown][] = [
  ['a date', () => new Date(1e12), () => new Date(1e12 + 1)],
  ['a bigint', () => 12_345_678_901_234_567_890n, () => 12_345_678_901_234_567_891n],
  ['a URL', () => new URL('http://localhost/a?b'), () => new URL('http://localhost/a?c')],
  ['a buffer', () => Buffer.from('some bytes'), () => Buffer.from('some other bytes')],
  ['a typed array', () => Float64Array.of(1, 2), () => Float64Array.of(1, 3)],
  [
    'a Map',
    () => new Map([['city', 'Paris-Charles-de-Gaulle']]),
    () => new Map([['city', 'Rome']]),
  ],
  ['a Set', () => new Set(['a-long-text-value']), () => new Set(['another-long-text'])],
]

describe.each(equal)('%s', (_, make, makeOther) => {
  const source = bundle('equal-source', () => make())
  const use = bundle('equal-use', (value: unknown) => typeof value)
  const edges = () => edgesOf(recorded.spans(), 'equal-use').join()

  test('that is equal to a result came from there, also inside an object', () => {
    for (const wrap of [(value: unknown) => value, (value: unknown) => ({ list: [value] })]) {
      recorded.reset()
      run('equal-run', () => [source(), use(wrap(make()))])()
      expect(edges()).toContain('value=equal-source')
      expect(edges()).toContain('!value')
    }
  })

  test('that differs did not, nor one that two may have given', () => {
    run('equal-run', () => [source(), use(makeOther())])()
    expect(edges()).toBe('')
    recorded.reset()
    run('equal-run', () => [source(), source(), use(make())])()
    expect(edges()).toBe('')
  })
})

test('what is large is not read to be compared', () => {
  const use = bundle('equal-large', (value: unknown) => typeof value)
  run('equal-run', () => {
    use(bundle('equal-bytes', () => Buffer.alloc(100_000))())
    use(Buffer.alloc(100_000))
    use(2n ** 100_000n)
  })()
  const spans = recorded.spans().filter(({ name }) => name === 'equal-large')
  expect(spans.map(({ attributes }) => attributes['trace2.inputs'] !== undefined)).toEqual([
    true,
    false,
    false,
  ])
})

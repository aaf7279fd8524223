import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { bundle, parameter, run } from '../index.ts'
import { recordSpans, spanOf } from '../testing/record.ts'

const recorded = recordSpans()
beforeEach(() => recorded.reset())
afterAll(() => recorded.stop())

const tone = parameter('index-getters.tone', 'kind')
let ran = 0

/** A list whose item at `at` is a getter that throws when it is run. */
function withGetter(list: unknown[], at: number): unknown[] {
  return Object.defineProperty(list, at, {
    get: () => {
      ran++
      throw new Error('an item was run')
    },
    enumerable: true,
    configurable: true,
  })
}

class Rows extends Array<unknown> {}

const lists: [string, () => unknown[]][] = [
  ['an empty list', () => []],
  ['numbers', () => [1, 2, 3]],
  ['texts', () => ['a', 'b', 'c']],
  ['objects', () => [{ a: 1 }, {}, {}]],
  ['a list with a parameter', () => [{ a: 1 }, {}, {}, tone]],
  ['a long list', () => Array.from({ length: 2_000 }, (_, at) => at)],
  ['a class of lists', () => Rows.of(1, 2)],
  ['a list of another realm', () => runInNewContext('[1, 2, 3]')],
  [
    'a list that inherits from a proxy',
    () => {
      const act = <T>(result: T) => {
        ran++
        return result
      }
      const traps = {
        get: () => act(undefined),
        has: () => act(false),
        getOwnPropertyDescriptor: () => act(undefined),
        getPrototypeOf: () => act(null),
      }
      return Object.setPrototypeOf(Object.assign([1], { 2: 3 }), new Proxy(Array.prototype, traps))
    },
  ],
]

test.each(lists)('an item that is a getter is not run: %s', (_, make) => {
  for (const at of [0, 2, 7]) {
    ran = 0
    const list = withGetter(make(), at)
    const take = bundle('take-getter', (_value: unknown) => 'taken')
    const give = bundle('give-getter', () => list)
    expect(take(list)).toBe('taken')
    expect(take({ list, tone })).toBe('taken')
    expect(take(new Map([[list, new Set([list])]]))).toBe('taken')
    expect(give()).toBe(list)
    expect(run('run-getter', () => take({ deep: { given: give() } }))()).toBe('taken')
    expect(take(Object.assign(new Error('many'), { errors: list, list }))).toBe('taken')
    expect(ran).toBe(0)
  }
})

test('an item that is a getter is written as one, wherever it is', () => {
  const take = bundle('written-getter', (_value: unknown) => 1)
  const items = fc.array(fc.oneof(fc.integer(), fc.string(), fc.constant(undefined)), {
    maxLength: 20,
  })
  fc.assert(
    fc.property(items, fc.nat(25), (plain, at) => {
      recorded.reset()
      ran = 0
      take(withGetter([...plain], at))
      const expected: unknown[] = [...plain]
      expected[at] = '[getter]'
      const holes = at - plain.length
      const written = JSON.parse(
        String(spanOf(recorded.spans(), 'written-getter').attributes['input.value']),
      )
      if (holes <= 8) expect(written).toEqual(JSON.parse(JSON.stringify({ _value: expected })))
      expect(ran).toBe(0)
    }),
  )
})

test('numbers are written without asking their prototypes for a toJSON', () => {
  const take = bundle('numbers-getter', (_value: unknown) => 1)
  const trapped: unknown[] = []
  const handler = { get: (_: object, key: PropertyKey) => trapped.push(key) }
  take(Object.setPrototypeOf([1, 2, 3], new Proxy(Array.prototype, handler)))
  expect(trapped).toEqual([])
  expect(spanOf(recorded.spans(), 'numbers-getter').attributes['input.value']).toBe(
    '{"_value":[1,2,3]}',
  )
})

test('a list says what it is by its own toJSON or that of its class, wherever it is', () => {
  class Named extends Array<unknown> {
    toJSON() {
      return `${this.length} rows`
    }
  }
  const own = (list: unknown[]) => Object.assign(list, { toJSON: () => 'own' })
  const take = bundle('says', (_value: unknown) => 1)
  const written = (value: unknown) => {
    recorded.reset()
    take(value)
    return JSON.parse(String(spanOf(recorded.spans(), 'says').attributes['input.value']))._value
  }
  for (const list of [Named.of(1, 2), Named.of('a', 'b')]) {
    expect(written(list)).toBe('2 rows')
    expect(written({ list })).toEqual({ list: '2 rows' })
    expect(written([list, [list]])).toEqual(['2 rows', ['2 rows']])
  }
  for (const list of [own([1, 2]), own(['a'])])
    expect(written([list, list])).toEqual(['own', 'own'])
  expect(written(Object.assign([1], { toJSON: 'no method' }))).toEqual([1])
  const itself = [1, 2]
  expect(written(Object.assign(itself, { toJSON: () => itself }))).toEqual([1, 2])
})

test('bytes that were handed over to another thread are none', () => {
  const take = bundle('handed-over', (...given: unknown[]) => given.length)
  const buffer = new ArrayBuffer(8)
  const views = [new Uint8Array(buffer), new DataView(buffer), Buffer.from(buffer), buffer]
  structuredClone(buffer, { transfer: [buffer] })
  take(...views)
  const written = String(spanOf(recorded.spans(), 'handed-over').attributes['input.value'])
  const values: unknown[] = Object.values(JSON.parse(written))
  expect(values).toHaveLength(4)
  for (const value of values) expect(value).toMatch(/^\[0 bytes\]/)
})

import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { bundle, node, parameter } from '../index.ts'
import { inputsOf, recordSpans, spanOf } from '../testing/record.ts'

const recorded = recordSpans()
beforeEach(() => recorded.reset())

const tone = parameter('nested.tone', 'the tone of it')
const make = bundle('nested-make', (by: string) => `made by ${by}`)

const holders: [string, (held: unknown) => unknown][] = [
  ['a list', (held) => [1, held]],
  ['an object', (held) => ({ a: held, b: 2 })],
  ['an object in an object', (held) => ({ a: { b: held } })],
  ['a list in a list', (held) => [[[held]]]],
  ['a Set', (held) => new Set([held, 'x'])],
  ['the values of a Map', (held) => new Map([['key', held]])],
  ['the keys of a Map', (held) => new Map([[held, 'value']])],
  ['a Map in a list in a Set', (held) => new Set([[new Map([['key', held]])]])],
  ['an object of eight levels', (held) => ({ a: { a: { a: { a: { a: { a: { a: held } } } } } } })],
  ['a list with holes', (held) => Object.assign(new Array<unknown>(9), { 7: held })],
]

describe('a node or a parameter that is held by something', () => {
  const use = bundle('nested-use', (held: unknown) => held)

  it.each(holders)('reaches the function as its value, and as an edge: %s', (_, hold) => {
    const held = make.node('someone')
    const expected = hold('made by someone')
    expect(use(hold(held))).toEqual(expected)
    expect(inputsOf(spanOf(recorded.spans(), 'nested-use'))).toMatchObject([
      { role: 'held', origin: { kind: 'span', spanId: held.spanId }, how: 'exact' },
    ])
    recorded.reset()
    expect(use(hold(tone))).toEqual(hold('the tone of it'))
    expect(inputsOf(spanOf(recorded.spans(), 'nested-use'))).toMatchObject([
      { role: 'held', origin: { kind: 'parameter', name: 'nested.tone' }, how: 'exact' },
    ])
  })
})

it('gives an edge from each of thousands in one list', () => {
  const count = bundle('nested-count', (texts: readonly string[]) => texts.length)
  const held = Array.from({ length: 3_000 }, (_, at) => make.node(`number ${at}`))
  expect(count.node(held).value).toBe(3_000)
  expect(inputsOf(spanOf(recorded.spans(), 'nested-count'))).toHaveLength(3_000)
})

it('hands on the very object where it holds no node, and copies only what holds one', () => {
  const keep = bundle('nested-keep', (value: unknown) => value)
  const quiet = { list: [1, new Set([2])], map: new Map([['a', {}]]) }
  expect(keep(quiet)).toBe(quiet)
  const made = keep({ quiet, loud: { held: node(1) } })
  expect(made).toEqual({ quiet, loud: { held: 1 } })
  expect(Object(made).quiet).toBe(quiet)
})

it('opens no instance of a class, and takes what cannot be looked at as it is', () => {
  const keep = bundle('nested-alone', (value: unknown) => value)
  class Box {
    held = node(1)
  }
  class Bag extends Set<unknown> {}
  const box = new Box()
  const bag = new Bag([node(1)])
  const hostile = new Proxy({}, { ownKeys: () => fail(), getPrototypeOf: () => fail() })
  for (const value of [box, bag, hostile]) expect(keep(value)).toBe(value)
  keep([{ box, bag, hostile }])

  function fail(): never {
    throw new Error('do not look')
  }
})

it('survives what holds itself, and makes one copy of what is held twice', () => {
  const keep = bundle('nested-itself', (value: unknown) => value)
  const shared = { held: node(1) }
  const made: unknown = keep({ a: shared, b: [shared] })
  expect(made).toEqual({ a: { held: 1 }, b: [{ held: 1 }] })
  expect(Object(made).a).toBe(Object(made).b[0])
  const set = new Set<unknown>()
  const own: Record<string, unknown> = { set, held: node(1) }
  own.itself = own
  set.add(own)
  expect(keep(own)).toHaveProperty('held', 1)
})

it('throws what a held call threw, as its node does', () => {
  const failing = bundle('nested-failing', (): string => {
    throw new RangeError('no value')
  })
  const caught = bundle('nested-caught', failing, { catchErrors: true })
  const keep = bundle('nested-failed', (value: unknown) => value)
  expect(() => keep([{ held: caught.node() }])).toThrow(new RangeError('no value'))
})

const plain = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.constant(undefined)),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(fc.string(), tie('any'), { maxKeys: 3, noNullPrototype: true }),
    fc.array(tie('any'), { maxLength: 3 }).map((items) => new Set(items)),
    fc.array(fc.tuple(tie('any'), tie('any')), { maxLength: 3 }).map((items) => new Map(items)),
  ),
})).any

/** The same value with nodes in place of some of its parts, by `choose`. */
function withNodes(value: unknown, choose: () => boolean): unknown {
  if (choose()) return node(value)
  const inner = (item: unknown) => withNodes(item, choose)
  if (Array.isArray(value)) return value.map(inner)
  if (value instanceof Set) return new Set([...value].map(inner))
  if (value instanceof Map)
    return new Map([...value].map(([key, item]) => [inner(key), inner(item)]))
  if (typeof value !== 'object' || value === null) return value
  const copy = { ...value }
  for (const key of Object.keys(copy)) {
    Object.defineProperty(copy, key, {
      value: inner(Reflect.get(value, key)),
      enumerable: true,
      writable: true,
      configurable: true,
    })
  }
  return copy
}

it('gives the function what it would be given without any node, whatever holds them', () => {
  const keep = bundle('nested-any', (value: unknown) => value)
  fc.assert(
    fc.property(plain, fc.infiniteStream(fc.boolean()), (value, choices) => {
      const choose = () => choices.next().value === true
      expect(keep(withNodes(value, choose))).toEqual(value)
    }),
    { numRuns: 300 },
  )
})

it('reaches the function where nothing is recorded too, and runs no getter on the way', async () => {
  await recorded.stop()
  const use = bundle('nested-unrecorded', (held: unknown) => held)
  const held = make.node('someone')
  expect(held.origin).toBeUndefined()
  for (const [, hold] of holders) expect(use(hold(held))).toEqual(hold('made by someone'))
  let ran = 0
  const lazy = Object.defineProperty({}, 'costly', { enumerable: true, get: () => ran++ })
  expect(use([lazy, { lazy }])).toEqual([lazy, { lazy }])
  ran = 0
  use([lazy, { lazy }])
  expect(ran).toBe(0)
})

it('hands on the very same list where it holds what is equal to nothing', () => {
  const keep = bundle('nested-nan', (value: unknown) => value)
  for (const value of [[Number.NaN], { a: Number.NaN }, new Set([Number.NaN]), [[Number.NaN]]]) {
    expect(keep(value)).toBe(value)
  }
})

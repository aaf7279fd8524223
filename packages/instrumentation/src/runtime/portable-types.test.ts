import { types } from 'node:util'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { portableTypes } from './portable-types.ts'

class OwnMap extends Map {}

const values: readonly unknown[] = [
  new Map(),
  new Set(),
  new OwnMap(),
  new WeakMap(),
  new WeakSet(),
  new Date(),
  new Date(Number.NaN),
  /x/,
  new ArrayBuffer(1),
  new SharedArrayBuffer(1),
  new Uint8Array(1),
  new DataView(new ArrayBuffer(1)),
  Object(1),
  Object('a'),
  Object(true),
  Object(1n),
  Object(Symbol('a')),
  new Error('a'),
  new RangeError('a'),
  Promise.resolve(1),
  (function* generate() {})(),
  (async function* generate() {})(),
  // What only looks like one.
  Map.prototype,
  Date.prototype,
  RegExp.prototype,
  Object.create(Map.prototype),
  Object.create(Date.prototype),
  { size: 1 },
  { [Symbol.toStringTag]: 'Map' },
  [],
  () => 1,
  null,
  undefined,
  ...runInNewContext('[new Map(), new Set(), new Date(), /x/, Object(1), new ArrayBuffer(1)]'),
]

const predicates = Object.keys(portableTypes) as (keyof typeof portableTypes)[]

test.each(predicates.filter((name) => name !== 'isProxy'))('%s says what Node says', (name) => {
  const any = fc.oneof(fc.constantFrom(...values), fc.anything({ withTypedArray: true }))
  fc.assert(fc.property(any, (value) => portableTypes[name](value) === types[name](value)))
  for (const value of values) expect(portableTypes[name](value)).toBe(types[name](value))
})

test('no code of a value runs while it is asked what it is', () => {
  const trap = () => {
    throw new Error('ran')
  }
  const value = Object.defineProperties({}, { size: { get: trap }, constructor: { get: trap } })
  for (const name of predicates) expect(portableTypes[name](value)).toBe(false)
})

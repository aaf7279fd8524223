import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from './canonical.ts'

test('sorts keys by UTF-16 code units, at every level, and writes no white space', () => {
  expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: 'x', '\u20ac': 1, '1': 2 })).toBe(
    '{"1":2,"a":"x","b":[{"c":2,"d":1}],"€":1}',
  )
})

test('treats what JSON cannot carry as JSON.stringify does, and a bigint as its digits', () => {
  expect(canonicalJson({ a: undefined, b: Number.NaN, c: 10n, d: new Date(0) })).toBe(
    '{"b":null,"c":"10","d":"1970-01-01T00:00:00.000Z"}',
  )
  expect(canonicalJson(undefined)).toBe('null')
})

test('a key called __proto__ is a key', () => {
  expect(canonicalJson(JSON.parse('{"b":1,"__proto__":{"x":1}}'))).toBe(
    '{"__proto__":{"x":1},"b":1}',
  )
})

test('a value that contains itself is refused', () => {
  const loop: { self?: unknown } = {}
  loop.self = loop
  expect(() => canonicalJson(loop)).toThrow(TypeError)
})

test('means the same value, and is the same whatever the order of keys', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value)
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      expect(canonicalJson(reversed(value))).toBe(text)
      expect(canonicalJson(JSON.parse(text))).toBe(text)
    }),
  )
})

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  )
}

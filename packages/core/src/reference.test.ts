import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  formatInput,
  isParameterName,
  type Origin,
  parseInput,
  pointerToken,
  type RecordedInput,
  resolvePointer,
} from './reference.ts'

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length })
// A lone surrogate cannot be written in a URI; it becomes U+FFFD.
const text = fc.string({ unit: 'binary' }).map((value) => value.toWellFormed())
const pointer = fc.array(text, { maxLength: 4 }).map((keys) => keys.map(pointerToken).join(''))
const name = fc.stringMatching(/^[A-Za-z0-9_.\-/]{1,20}$/)
const origin: fc.Arbitrary<Origin> = fc.oneof(
  fc.record({ kind: fc.constant('span' as const), traceId: hex(32), spanId: hex(16), pointer }),
  fc.record({ kind: fc.constant('parameter' as const), name, version: hex(16), pointer }),
  fc.record({ kind: fc.constant('value' as const), hash: hex(64), pointer }),
)
const input: fc.Arbitrary<RecordedInput> = fc.record({
  role: text,
  origin,
  how: fc.constantFrom(
    'exact' as const,
    'identity' as const,
    'template' as const,
    'value' as const,
  ),
})

test('an input is read back as it was written', () => {
  fc.assert(
    fc.property(input, (value) => {
      expect(parseInput(formatInput(value))).toEqual(value)
    }),
  )
})

test('reads what the conventions show', () => {
  const spanId = 'b'.repeat(16)
  expect(parseInput(`ticket=span:${'A'.repeat(32)}:${spanId}#/items/0!identity`)).toEqual({
    role: 'ticket',
    origin: { kind: 'span', traceId: 'a'.repeat(32), spanId, pointer: '/items/0' },
    how: 'identity',
  })
})

test.each([
  '',
  'x',
  'x=',
  'x=span:1:2',
  'x=param:p',
  'x=value:12',
  'x=param:p@1!guess',
  'x=param:p@1#a',
  '%=param:p@1',
])('is undefined for %j', (malformed) => expect(parseInput(malformed)).toBeUndefined())

test('anything at all is read or refused, never an exception', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (value) => void parseInput(value)))
})

test('a pointer leads to the part it was made for', () => {
  fc.assert(
    fc.property(text, text, fc.jsonValue(), (outer, inner, value) => {
      const container = JSON.parse(JSON.stringify({ [outer]: [{ [inner]: value }] }))
      const at = pointerToken(outer) + pointerToken(0) + pointerToken(inner)
      expect(resolvePointer(container, at)).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
  expect(resolvePointer({ a: 1 }, '/toString')).toBeUndefined()
})

test('a parameter has a name that cannot be confused with what is around it', () => {
  expect(isParameterName('triage.system/v2-x_1')).toBe(true)
  for (const bad of ['', 'a b', 'a@b', 'a#b', 'a!b', 'a=b'])
    expect(isParameterName(bad)).toBe(false)
})

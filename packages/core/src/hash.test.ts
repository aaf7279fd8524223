import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parameterVersion, sourceHash, valueHash } from './hash.ts'
import { portableSha256, sha256 } from './sha256.ts'

test('SHA-256 is that of FIPS 180-4', () => {
  expect(portableSha256('abc')).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  )
})

test('the portable SHA-256 and the one of the runtime agree', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.constantFrom('', '\ud800', 'é'.repeat(64)),
  )
  fc.assert(fc.property(text, (value) => portableSha256(value) === sha256(value)))
})

test('a value has one hash however its keys are ordered; a version is its beginning', () => {
  expect(valueHash({ a: 1, b: 2 })).toBe(valueHash({ b: 2, a: 1 }))
  expect(parameterVersion('x')).toBe(valueHash('x').slice(0, 16))
  expect(parameterVersion('1')).not.toBe(parameterVersion(1))
  expect(sourceHash('() => 1')).toHaveLength(16)
})

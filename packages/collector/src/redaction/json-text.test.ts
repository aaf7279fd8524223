import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type JsonRewrite, rewriteJson } from './json-text.ts'

const nothing: JsonRewrite = {
  string: (value) => value,
  number: () => undefined,
  member: () => undefined,
}

it('leaves a text that nothing is rewritten in exactly as it was', () => {
  const spaced = fc
    .json()
    .chain((text) => fc.constantFrom(text, JSON.stringify(JSON.parse(text), null, 2)))
  fc.assert(fc.property(spaced, (text) => rewriteJson(text, nothing) === text))
  const odd = '{"a":1.0,"b":12345678901234567890,"a":[ ],"__proto__":"\\u0041"}'
  expect(rewriteJson(odd, nothing)).toBe(odd)
})

it('gives what rewriting the parsed value gives', () => {
  const rewrite: JsonRewrite = {
    string: (value) => value.toUpperCase(),
    number: (digits) => `n${Number(digits)}`,
    member: (name) =>
      name === 'secret' ? (value) => `hidden ${JSON.parse(value) === null}` : undefined,
  }
  const rewritten = (value: unknown): unknown => {
    if (typeof value === 'string') return value.toUpperCase()
    if (typeof value === 'number') return `n${value}`
    if (Array.isArray(value)) return value.map(rewritten)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        name.toUpperCase(),
        name === 'secret' ? `hidden ${member === null}` : rewritten(member),
      ]),
    )
  }
  const values = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.string({ unit: 'grapheme' }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.constantFrom('a', 'secret', 'q"uote', 'b'), tie('value')),
    ),
  })).value
  fc.assert(
    fc.property(values, fc.constantFrom(0, 1), (value, spaces) => {
      const text = rewriteJson(JSON.stringify(value, null, spaces), rewrite)
      expect(JSON.parse(text)).toEqual(rewritten(value))
    }),
  )
})

it('needs no stack for a deep text', () => {
  const deep = `${'[{"a":'.repeat(50_000)}"x"${'}]'.repeat(50_000)}`
  expect(rewriteJson(deep, { ...nothing, string: () => 'y' })).toContain('"y"')
})

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { declarableKinds, parameterKind, parameterKinds } from './parameter-value.ts'

it.each([
  ['Be brief.', null, 'text'],
  ['', null, 'text'],
  [0.7, null, 'number'],
  [3, null, 'number'],
  [3, { type: 'integer' }, 'integer'],
  [true, null, 'boolean'],
  ['warm', { enum: ['warm', 'cold'] }, 'enum'],
  ['warm', { type: 'string', enum: ['warm', 'cold'] }, 'enum'],
  ['a', { const: 'a' }, 'enum'],
  ['a', { oneOf: [{ const: 'a' }, { const: 'b' }] }, 'enum'],
  ['a', { anyOf: [{ type: 'string', const: 'a' }, { enum: ['b'] }, { type: 'null' }] }, 'enum'],
  [1, { anyOf: [{ type: 'integer' }, { type: 'null' }] }, 'integer'],
  [1, { anyOf: [{ type: 'integer' }, { type: 'string' }] }, 'number'],
  [1, { allOf: [{ type: 'number' }, { type: 'integer' }] }, 'integer'],
  ['a', { anyOf: [] }, 'text'],
  [{ a: 1 }, null, 'object'],
  [[], null, 'list'],
  [null, null, 'any'],
  [null, { type: 'string' }, 'text'],
  [null, { type: ['string', 'null'] }, 'text'],
  ['a', { type: ['string', 'number'] }, 'text'],
  ['a', { minLength: 1 }, 'text'],
  ['a', true, 'text'],
  ['(a) => a', { type: 'string', contentMediaType: 'text/javascript' }, 'code'],
  [7, { contentMediaType: 'text/javascript' }, 'number'],
  ['a', { type: 'tool-description' }, 'text'],
] as const)('%j with the schema %j is of kind %s', (value, schema, kind) => {
  expect(parameterKind(value, schema)).toBe(kind)
})

it('takes what a program declares of a text, and nothing else that is declared', () => {
  for (const kind of declarableKinds) {
    expect(parameterKind('gpt-5', null, kind)).toBe(kind)
    expect(parameterKind('gpt-5', { enum: ['gpt-5', 'gpt-5-mini'] }, kind)).toBe(kind)
    expect(parameterKind(0.5, null, kind)).toBe('number')
  }
  for (const other of ['number', 'Model', '', 7, {}, null]) {
    expect(parameterKind('gpt-5', null, other)).toBe('text')
  }
})

it('finds a kind for every value, schema and declaration', () => {
  const json = fc.jsonValue() as fc.Arbitrary<never>
  fc.assert(
    fc.property(json, json, fc.anything(), (value, schema, declared) => {
      expect(parameterKinds).toContain(parameterKind(value, schema, declared))
    }),
  )
})

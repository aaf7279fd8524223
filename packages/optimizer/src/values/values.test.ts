import { describe, expect, it } from 'vitest'
import { checkValue } from './check.ts'
import { nearlyEqual } from './similar.ts'
import { kindOf, typeName } from './type-name.ts'

const typed = (value: string | number | boolean | null, schema: object | null = null) => ({
  value,
  schema: JSON.parse(JSON.stringify(schema)),
})

describe('a proposed value', () => {
  it('must have the type of the present one where no schema says more', () => {
    expect(checkValue(typed('a'), 'b')).toEqual({ ok: true, value: 'b' })
    expect(checkValue(typed(0.5), '0.5')).toMatchObject({ ok: false })
    expect(checkValue(typed(false), 'no')).toMatchObject({ ok: false })
    expect(checkValue(typed(1), Number.NaN)).toMatchObject({ ok: false })
  })

  it('must satisfy the schema, and the fault says how it does not', () => {
    const threshold = typed(0.7, { type: 'number', minimum: 0, maximum: 1 })
    expect(checkValue(threshold, 0.9)).toEqual({ ok: true, value: 0.9 })
    expect(checkValue(threshold, 7)).toMatchObject({ ok: false, fault: expect.stringMatching(/1/) })
    const choice = typed('a', { enum: ['a', 'b'] })
    expect(checkValue(choice, 'c')).toMatchObject({ ok: false })
  })

  it('keeps prose that looks a little like code', () => {
    const prompt = typed('You are a function that defines words.')
    expect(typeName(prompt)).toBe('string')
    expect(checkValue(prompt, 'def: explain (briefly) => done')).toMatchObject({ ok: true })
  })
})

describe('a proposed function', () => {
  const present = typed('async function route(ticket, { limit = 3 } = {}) { return ticket }')

  it('is recognized as code whatever its form', () => {
    expect(typeName(present)).toBe('code')
    expect(typeName(typed('(a) => a + 1'))).toBe('code')
    expect(typeName(typed('x => x'))).toBe('code')
  })

  it('is what a program declares as code, whether or not it can be read', () => {
    expect(kindOf({ value: 'return ticket', schema: null, valueKind: 'code' })).toBe('code')
    expect(kindOf(typed('return ticket'))).toBe('text')
    expect(kindOf({ value: '(a) => a', schema: null, valueKind: 'model' })).toBe('model')
    const python = { value: 'def route(ticket):', schema: null, valueKind: 'code' } as const
    expect(checkValue(python, 'def route(ticket): ...')).toMatchObject({ ok: true })
  })

  it.each([
    ['async function route(ticket, { limit = 3 } = {}) { return limit }', undefined],
    ['async function route(ticket, { limit = 3 } = { limit: 4 }) { return 1 }', undefined],
    ['async function other(ticket, { limit = 3 } = {}) {}', /name route/],
    ['async function route(ticket) {}', /parameters/],
    ['function route(ticket, { limit = 3 } = {}) {}', /async/],
    ['async function* route(ticket, { limit = 3 } = {}) {}', /generator/],
    ['async function route(ticket, {', /does not parse/],
    ['async function route(ticket, { limit = 3 } = {}) {}; process.exit()', /follows/],
    [
      'async function route(ticket: Ticket, { limit = 3 }: Options = {}): Promise<Ticket> { return ticket }',
      undefined,
    ],
    ['async function route(ticket: Ticket, options: Options): Promise<Ticket> {}', /parameters/],
    ['async function route(ticket, { limit = 3 } = {}) { enum A { B } }', /enum/],
    ['/** Routes. */ async function route(ticket, { limit = 3 } = {}) {}', undefined],
    ['just words', /follows|not one function|does not parse/],
  ])('%s', (proposed, fault) => {
    const checked = checkValue(present, proposed)
    if (fault) expect(checked).toMatchObject({ ok: false, fault: expect.stringMatching(fault) })
    else expect(checked).toEqual({ ok: true, value: proposed })
  })
})

it.each([
  ['async sign(name: string) { return name.trim() }', true],
  ['async seal(name: string) { return name }', false],
  ['async sign(other) { return other }', false],
])('a proposed method: %s', (proposed, ok) => {
  const schema = { type: 'string', contentMediaType: 'text/javascript' }
  const present = typed('async sign(name: string): Promise<string> { return name }', schema)
  expect(checkValue(present, proposed).ok).toBe(ok)
})

describe('a near duplicate', () => {
  const below = 'function f(a, b) { /* strictly */ return a < b }'
  it.each<[boolean, string, string]>([
    [true, 'Be brief.', 'be  brief!'],
    [false, 'Be brief.', 'Be kind.'],
    [true, below, 'function f(a,b){ return a < b }'],
    [true, below, 'function f(a: number, b?: number): boolean { return a < b! }'],
    [false, below, 'function f(a, b) { return a <= b }'],
    [false, '(a) => a + 1', '(a) => a - 1'],
    [false, '+', '-'],
  ])('%s: %s / %s', (same, a, b) => expect(nearlyEqual(a, b)).toBe(same))
})

import { describe, expect, test } from 'vitest'
import { parseSignature } from './signature.ts'

function names(source: string) {
  return parseSignature(source)?.declared.map(({ name, form }) =>
    form === 'plain' ? name : `${form}:${name}`,
  )
}

describe('the arguments of', () => {
  test.each<[string, string[]]>([
    ['function f(a, b) {}', ['a', 'b']],
    ['async function* f(a) {}', ['a']],
    ['a => a', ['a']],
    ['async a => a', ['a']],
    ['async (a, b) => a', ['a', 'b']],
    [String((a = 'x, y)', b = [1, 2], c = `${a})`) => a + b + c), ['a', 'b', 'c']],
    ['(a /* , not */, // nor, this\n b) => 1', ['a', 'b']],
    ['({ a, b }, [c], ...rest) => 1', ['object:undefined', 'array:undefined', 'rest:rest']],
    ['method(a, $b, _c) { return a }', ['a', '$b', '_c']],
    ['async *[Symbol.iterator](a) {}', ['a']],
    ['(größe, 数) => 1', ['größe', '数']],
    ['() => 1', []],
  ])('%s', (source, expected) => expect(names(source)).toEqual(expected))

  test('native code has none', () => {
    expect(parseSignature(String(Math.max))).toBeUndefined()
    expect(parseSignature(String((() => 1).bind(null)))).toBeUndefined()
  })

  test.each(['', '(', '(a', '(a = "', '`${', '/*', 'x => {'])(
    'garbage %j is no exception',
    (source) => expect(() => parseSignature(source)).not.toThrow(),
  )
})

describe('the documentation of', () => {
  test.each([
    ['function f(a) {\n  /** Adds one.\n   * Twice. */\n  return a }', 'Adds one.\nTwice.'],
    ['(a) => /* Adds one. */ a + 1', 'Adds one.'],
    ['(a) => {\n  // Adds one.\n  // Twice.\n  return a }', 'Adds one.\nTwice.'],
    ['(a) => { return /** not this */ a }', ''],
  ])('%j', (source, expected) => expect(parseSignature(source)?.documentation).toBe(expected))
})

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
    ['(a, b = "x".replace(/\\(/, "")) => a', ['a', 'b']],
    [
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source text.
      '(a, b = /[)/]/.test(a) ? `${"`)"}` : 1 / 2 / 3, { c } = {}) => a',
      ['a', 'b', 'object:undefined'],
    ],
    ['get size() { return 1 }', []],
    ['#hidden(a) { return this.#other(a) }', ['a']],
    ['method(a) { return super.method(a) + new.target }', ['a']],
    ['function f(a) { return import.meta.url + a }', ['a']],
    ['function f(a) { with (a) { return b } }', ['a']],
    [
      'function f<T>(this: Foo, a: Map<string, (b: number) => T>, c?: string): T { return a }',
      ['a', 'c'],
    ],
    ['async function f(a: string, ...b: string[]): Promise<void> {}', ['a', 'rest:b']],
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
    ['/** Adds one. */ function f(a) { return a }', 'Adds one.'],
    ['/** Adds one. */ (a) => { // To a number.\n return a }', 'Adds one.\nTo a number.'],
    ['method(a) { /* Adds one. */ }', 'Adds one.'],
  ])('%j', (source, expected) => expect(parseSignature(source)?.documentation).toBe(expected))
})

describe('the head of', () => {
  test.each([
    ['function f(a, b) { return a }', 'function f(a, b)'],
    ['async (a) => a', 'async (a)'],
    ['/** Adds one. */ (a: number): number => a + 1', '(a: number): number'],
    ['method(a) { return a }', 'method(a)'],
    ['a => a', 'a'],
  ])('%j', (source, expected) => expect(parseSignature(source)?.head).toBe(expected))
})

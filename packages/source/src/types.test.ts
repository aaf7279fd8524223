import { describe, expect, test } from 'vitest'
import { withoutTypes } from './types.ts'

function plain(source: string): string {
  const result = withoutTypes(source)
  return 'fault' in result ? `refused: ${result.fault}` : result.source
}

describe('without its types', () => {
  test.each([
    ['(x: string): string => x', '(x        )         => x'],
    ['x => x', 'x => x'],
    ['<T extends { id: string }>(x: T) => x.id', '(x) => x.id'],
    ['async <T,>(x: T): Promise<T> => x', 'async (x) => x'],
    [
      'function f(this: Foo, a?: number, ...r: string[]) { return a! + r[0] }',
      'function f(a, ...r) { return a + r[0] }',
    ],
    ['function f(this: Foo) { return this.a }', 'function f() { return this.a }'],
    ['(x: unknown) => (x as any) as string', '(x) => (x)'],
    ['(x: unknown) => (<string>x).length', '(x) => (x).length'],
    ['(x: unknown) => f<string>(x) satisfies number', '(x) => f(x)'],
    ['(x: Map<string, Array<number>>) => new Map<string, number>(x)', '(x) => new Map(x)'],
    ['(x) => { let y!: number; y = x; return y }', '(x) => { let y; y = x; return y }'],
    ['(x) => { interface A { b: string }\nreturn x }', '(x) => {;\nreturn x }'],
    ['(x) => { const a = x\ntype B = string\n;[a]; }', '(x) => { const a = x\n;\n[a]; }'],
    ['(x) => { const a = x as () => void\n(a)() }', '(x) => { const a = x;\n(a)() }'],
    ['(x): x is\n string => true', '(x) => true'],
    ['({ a, b = 1 }: { a: string; b?: number }) => a + b', '({ a, b = 1 }) => a + b'],
    ['([a]: [string], c?: boolean) => a', '([a], c) => a'],
    ['method(a: string, b?: number): void { this.c = a }', 'method(a, b) { this.c = a }'],
    ['async *m<T>(a: T): AsyncGenerator<T> { yield a }', 'async *m(a) { yield a }'],
    [
      '() => { abstract class A<T> extends B<T> implements C, D { private readonly x: number = 1; declare y: string; z?: string; static override w!: number; abstract foo(): void; bar(): void; bar(a?: string): void {} [key: string]: unknown; get [k](): string { return 1 } } return A }',
      '() => { class A extends B { x = 1;; z; static w;; ; bar(a) {}; get [k]() { return 1 } } return A }',
    ],
    [
      '() => { function o(a: string): void\nfunction o(a: number): void\nfunction o(a: any) { return a } return o }',
      '() => {;\n;\nfunction o(a) { return a } return o }',
    ],
    ['(x: string) => x ? (y: number): number => y : 3', '(x) => x ? (y) => y : 3'],
    ['(a: string = "x".replace(/\\(/, "")) => a', '(a = "x".replace(/\\(/, "")) => a'],
    ['(a) => a < 1 && a > (2)', '(a) => a < 1 && a > (2)'],
    ['(a, b) => f(a < b, a > (b))', '(a, b) => f(a < b, a > (b))'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source text.
    ['(a: `x${string}`) => `y${a as string}`', '(a) => `y${a}`'],
    ['(a: any) => a?.b!.c![0]', '(a) => a?.b.c[0]'],
    [
      'function f(a: string): asserts a is "x" { try { g() } catch (e: unknown) { throw e } }',
      'function f(a) { try { g() } catch (e) { throw e } }',
    ],
    [
      '(a: string) => { for (const x of a as Iterable<string>) { let y: typeof x = x; g(y) } }',
      '(a) => { for (const x of a) { let y = x; g(y) } }',
    ],
  ])('%s', (source, expected) => {
    const spaces = (text: string) => text.replace(/[^\S\n]+/g, '').replace(/;+/g, ';')
    expect(spaces(plain(source))).toBe(spaces(expected))
  })

  test.each([
    ['() => { enum A { B } return A.B }', 'enum'],
    ['() => { namespace A { export const b = 1 } return A.b }', 'namespace'],
    ['() => class { constructor(private a: string) {} }', 'parameter property'],
    ['hello, this is no code', 'does not parse'],
    ['1 + 1', 'not one function'],
    ['(a) => a; evil()', 'follows'],
  ])('%s is refused', (source, why) =>
    expect(plain(source)).toMatch(new RegExp(`refused: .*${why}`)),
  )

  test('lines and columns of the code stay', () => {
    const source =
      '(\n  a: string,\n  b?: number,\n): string => {\n  const c: number = 1\n  return here\n}'
    const at = (text: string) => text.slice(0, text.indexOf('return here')).split('\n')
    expect(at(plain(source)).map(({ length }) => length)).toEqual(
      at(source).map(({ length }) => length),
    )
  })
})

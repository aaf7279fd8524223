import { describe, expect, test } from 'vitest'
import { readFacts, withWrittenNames } from './index.ts'

function factsOf(source: string) {
  const facts = readFacts(source)
  if ('fault' in facts) throw new Error(facts.fault)
  return facts
}

describe('free names', () => {
  test.each([
    ['(x) => x + y', ['y']],
    ['function f(x) { return f(x - 1) }', []],
    ['name(x) { return name + x }', ['name']],
    ['async *name(x) { yield* other(x) }', ['other']],
    ['async (x) => { for await (const y of x) z(y) }', ['z']],
    ['async x => x', []],
    ['(x, y = x + z) => { var z = 1; return y }', ['z']],
    ['({ a, b: { c = d } = {}, ...rest }) => [a, b, c, rest]', ['d', 'b']],
    ['(x) => { if (x) { var late = 1 } return late }', []],
    ['(x) => { { let inner = 1 } return inner }', ['inner']],
    ['(x) => { try { x() } catch ({ message }) { return message } }', []],
    ['(x) => { try { x() } catch { return error } }', ['error']],
    ['() => { outer: for (;;) { continue outer } }', []],
    ['() => typeof window', ['window']],
    ['() => ({ short, key: 1, [computed]: 2 })', ['short', 'computed']],
    ['(a) => a.b.c[d]', ['d']],
    ['() => arguments', ['arguments']],
    ['function () { return () => arguments }', []],
    ['function () { return new.target }', []],
    [
      '() => { class A extends B { x = y; static z = A; [k]() { return w } } return A }',
      ['B', 'y', 'k', 'w'],
    ],
    ['() => { for (const i of items) i; return i }', ['items', 'i']],
    ['() => { for (let i = 0; i < n; i++) i }', ['n']],
    ['() => { switch (1) { case 1: let a = b; return a } }', ['b']],
    ['() => tag`a $' + '{b}`', ['tag', 'b']],
    ['() => a?.b?.(c)', ['a', 'c']],
    ['() => { function inner() { return outer } return inner }', ['outer']],
    ['class A { static make() { return new A(B) } }', ['B']],
    ['() => { const f = function g() { return g }; return [f, g] }', ['g']],
  ])('of %s', (source, names) => {
    expect([...factsOf(source).free].sort()).toEqual([...names].sort())
  })
})

test.each([
  ['method() { return super.method() }', ['super']],
  ['method() { return this.#secret }', ['#secret']],
  ['() => import.meta.url', ['import.meta']],
  ["() => import('node:fs')", ['import()']],
  [
    '() => { class A extends Object { #p = 1; get() { return super.toString() + this.#p } } return A }',
    [],
  ],
])('what is rooted in its place: %s', (source, rooted) => {
  expect([...factsOf(source).rooted]).toEqual(rooted)
})

test.each([
  ['() => this.x', true],
  ['function () { return this }', true],
  ['function () { return () => this.x }', true],
  ['function () { return function () { return this } }', false],
  ['method() { return this }', true],
  ['() => { class A { x = this; m() { return this } } }', false],
])('whether it uses this: %s', (source, usesThis) => {
  expect(factsOf(source).usesThis).toBe(usesThis)
})

test('names of members and names that are assigned', () => {
  const facts = factsOf(
    "({ host }) => { const { port } = x; x['path'].go(); count++; [a.b, total] = [1, 2] }",
  )
  expect([...facts.members].sort()).toEqual(['b', 'go', 'host', 'path', 'port'])
  expect([...facts.assigned]).toEqual(['count', 'total'])
})

test.each([
  ['42', 'it is not one function'],
  ['(x) => x; (y) => y', 'something follows the function'],
  ['(x) => {', 'it does not parse'],
  ['get x() { return 1 }', 'it is a getter or setter'],
  ['a() {}, b() {}', 'it is not one function'],
])('what is no function: %s', (source, fault) => {
  expect(readFacts(source)).toEqual({ fault: expect.stringContaining(fault) })
})

test.each([
  ['(x) => (0, crypto_1.createHash)(x)', '(x) => createHash(x)'],
  ['(x) => __vite_ssr_import_0__.createHash(x)', '(x) => createHash(x)'],
  ['m(x) { return (0,nodeCrypto.createHash)(x) + a }', 'm(x) { return createHash(x) + a }'],
  ['(x) => other.createHash(x)', '(x) => other.createHash(x)'],
  ['(x) => x.createHash(crypto_1.other)', '(x) => x.createHash(crypto_1.other)'],
])('imports that a build renamed: %s', (built, written) => {
  const names = { declared: new Set(['createHash']), written: new Map() }
  expect(withWrittenNames(built, names)).toBe(written)
})

test.each([
  ['(e) => n(e)', '(e) => helper(e)'],
  ['(e) => { const n = e; return n(e) }', '(e) => { const n = e; return n(e) }'],
  ['(e) => [n, ((n) => n(e))(e)]', '(e) => [helper, ((n) => n(e))(e)]'],
  ['(e) => ({ n, a: n, n: e.n })', '(e) => ({ n: helper, a: helper, n: e.n })'],
  ['({ n: e = n }) => e', '({ n: e = helper }) => e'],
  ['(e) => n * r', '(e) => helper * n'],
  ['(e) => t.limit + e.limit + t.other', '(e) => most + e.limit + t.other'],
  ['(e) => (0,t.limit)(e)', '(e) => most(e)'],
  ['(e) => e.slice(0, n) + e.slice(0, t.limit)', '(e) => e.slice(0, helper) + e.slice(0, most)'],
  ['(e) => ( 0, t.limit )(e, n(t.limit))', '(e) => most(e, helper(most))'],
  ['(e) => exports.limit + (0, exports.f)(e)', '(e) => limit + f(e)'],
  ['(exports) => exports.limit', '(exports) => exports.limit'],
  ['[n](e) { return n`a` }', '[helper](e) { return helper`a` }'],
  ['(e: string): n => n(e as n)', '(e: string): n => helper(e as n)'],
  ['(helper) => n(helper)', undefined],
])('names that a build gave: %s', (built, written) => {
  const names = new Map([
    ['n', 'helper'],
    ['r', 'n'],
    ['t.limit', 'most'],
  ])
  expect(
    withWrittenNames(built, { declared: new Set(['helper', 'n', 'most']), written: names }),
  ).toBe(written)
})

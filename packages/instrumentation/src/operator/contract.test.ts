import { describe, expect, test } from 'vitest'
import { bundle } from '../index.ts'

function declared(
  fn: (...args: never[]) => unknown,
  uses: Readonly<Record<string, unknown>> = {},
): string {
  try {
    const { parameters } = bundle(`contract.${declared.count++}`, fn, { trainable: true, uses })
    return parameters().length > 0 ? 'accepted' : 'T2_CODE_BUILT'
  } catch (error) {
    return `${Reflect.get(Object(error), 'code')} ${error instanceof Error ? error.message : ''}`
  }
}
declared.count = 0

/** A function as a build wrote it. */
function built(source: string): (...args: never[]) => unknown {
  return Function(`return (${source})`)()
}

describe('a trainable function is refused when it is declared, with the reason', () => {
  test.each([
    ['(x) => helper(x) + limit', /T2_CODE_NAMES .*it uses helper, limit, which are not declared/],
    ['() => process.env.HOME', /T2_CODE_NAMES .*process/],
    ['() => this.x', /T2_CODE_NAMES .*it uses this/],
    ['() => { count++ }', /T2_CODE_NAMES .*assigns to count/],
    ['() => arguments[0]', /T2_CODE_NAMES .*arguments/],
    ['() => eval("1")', /T2_CODE_NAMES .*eval/],
    ['() => import("node:fs")', /T2_CODE_SOURCE .*import\(\)/],
    ['class A { }', /T2_CODE_SOURCE .*cannot be read/],
    ['class A { constructor(x) {} }', /T2_CODE_SOURCE/],
    ['Object.values({ m() { return super.m() } })[0]', /T2_CODE_SOURCE .*super/],
    ['(class { #x = 1; m() { return this.#x } }).prototype.m', /T2_CODE_SOURCE .*#x/],
    ['Math.max', /T2_CODE_SOURCE .*cannot be read/],
  ])('%s', (source, reason) => {
    expect(declared(built(source))).toMatch(reason)
  })
})

describe('names that a build made', () => {
  test.each([
    ['r => r + e(r)', { helper: (x: string) => x }, /e, which is not declared/],
    ['r => limit$1 + (0, m.helper)(r)', { helper: (x: string) => x, limit: 1 }, 'accepted'],
    ['r => limit2 + r', { limit: 1 }, /limit2, which is not declared/],
    ['r=>fee*r', { fee: 1 }, 'T2_CODE_BUILT'],
    ['(x) => fee * x', { fee: 1 }, 'accepted'],
    ['r => exports.limit + r', { limit: 1 }, 'accepted'],
    ['r => exports.limit + r', {}, /it uses limit, which is not declared/],
    ['Object.values({ find(x) { return find(x) } })[0]', {}, /it uses find, which is not declared/],
    ['r => e(r) + n', { helper: (x: string) => x, limit: 1 }, /e, n, which are not declared/],
    ['r => limit + n(r)', { limit: 1 }, /n, which is not declared/],
    ['ticket => n(ticket)', {}, /n, which is not declared/],
    ['r => other(r)', { helper: (x: string) => x }, /other, which is not declared/],
  ])('%s', (source, uses, expected) => {
    expect(declared(built(source), uses)).toMatch(expected)
  })
})

test('the names are in the parameter, for people, models and machines', () => {
  const fn = bundle('contract.named', (x: string) => x, { trainable: true, uses: { limit: 3 } })
  const [code] = fn.parameters()
  expect(code?.description).toContain('the language itself, and limit')
  expect(code?.schema).toMatchObject({
    contentMediaType: 'text/javascript',
    'x-trace2-uses': ['limit'],
  })
  expect(() => code?.update('(x) => x + helper')).toThrow(
    'it uses helper, which is not declared; beside its arguments and the language it may use limit',
  )
})

describe('what cannot cross is refused when it is declared', () => {
  test.each([
    ['WeakMap', new WeakMap()],
    ['WeakSet', new WeakSet()],
    ['WeakRef', new WeakRef({})],
    ['FinalizationRegistry', new FinalizationRegistry(() => undefined)],
    ['Proxy', new Proxy({}, {})],
    ['SharedArrayBuffer', new SharedArrayBuffer(8)],
    ['view of a SharedArrayBuffer', new Uint8Array(new SharedArrayBuffer(8))],
  ])('%s', (kind, cache) => {
    expect(declared(built('(x) => cache && x'), { cache })).toMatch(
      `T2_CODE_VALUE The function contract.${declared.count - 1} cannot be trainable: cache is a ${kind}, which cannot cross`,
    )
  })

  test.each([[new Map()], [new Uint8Array(8)]])('and %s is taken', (cache) => {
    expect(declared(built('(x) => cache && x'), { cache })).toBe('accepted')
  })
})

describe('new source is refused where callers would notice', () => {
  const originals = {
    plain: (x: string, n = 3) => x.repeat(n),
    async: async (x: string, n = 3) => x.repeat(n),
    generator: function* (x: string, n = 3) {
      yield x.repeat(n)
    },
    rest: (...x: string[]) => x.join(),
  }
  test.each([
    ['plain', 'async (x, n) => x', /plain, not async, .*take the result itself/],
    ['plain', 'function* (x, n) { yield x }', /plain, not generator/],
    ['plain', '(x, ...n) => x', /the arguments must be \(x, n\), not \(x, \.\.\.n\)/],
    ['plain', '(x, m) => x', /the arguments must be \(x, n\), not \(x, m\)/],
    ['async', 'function* (x, n) { yield x }', /async, not generator, .*await a promise/],
    ['generator', '(x, n) => [x]', /generator, not plain, .*iterate/],
    ['generator', 'async function* (x, n) { yield x }', /generator, not async generator/],
    ['rest', '(x) => x', /the arguments must be \(\.\.\.x\), not \(x\)/],
    ['plain', '(x, n) => { using y = n; return x }', /came after ES2025/],
    ['plain', '(x, n) => { with (x) return n }', /strict mode/],
    ['plain', '(x, n = 5) => x.repeat(n)', undefined],
    ['plain', 'function f(x: string, n: number) { return x }', undefined],
    ['async', 'async function (x, n = 1) { return x }', undefined],
    ['async', '(x, n) => Promise.resolve(x)', undefined],
  ] as const)('%s: %s', (original, source, reason) => {
    const fn = bundle(`shape.${original}`, originals[original], { trainable: true })
    const fault = fn.parameters()[0]?.findFault(source)
    if (reason) expect(fault).toMatch(reason)
    else expect(fault).toBeUndefined()
  })
})

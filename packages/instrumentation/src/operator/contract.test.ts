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

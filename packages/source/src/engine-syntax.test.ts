import variant from '@jitl/quickjs-singlefile-mjs-release-sync'
import { newQuickJSWASMModuleFromVariant, type QuickJSContext } from 'quickjs-emscripten-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { findSyntaxFault } from './index.ts'

let engine: QuickJSContext
beforeAll(async () => {
  engine = (await newQuickJSWASMModuleFromVariant(variant)).newContext()
})

/** Whether the engine reads the expression, which is not run. */
function isRead(expression: string, strict: boolean): boolean {
  const result = engine.evalCode(`${strict ? '"use strict";' : ''}(${expression}\n)`)
  const isRead = result.error === undefined
  result.dispose()
  return isRead
}

const bodies = [
  'using r = null',
  'await using r = null',
  'for (await using r of x);',
  'with (x) y',
  'delete x',
  'return 010',
  'arguments = 1',
  'eval = 1',
  'var let = 1',
  'var static = 1',
  'var yield = 1',
  'function g(x, x) {}',
  'if (1) function g() {}',
  'label: function g() {}',
  'return "\\08"',
  'return /(?i:a)/',
  'return /(?-i:a)/',
  'return /[\\p{L}--a]/v',
  'return /(?<a>x)|(?<a>y)/',
  'return /(?<=a)b/d',
  'return /(/',
  'return /a/gg',
  'return /a/uv',
  'class A { #x; static is(o) { return #x in o } static { A.y = 1 } accessor() {} }',
  'class A { accessor x = 1 }',
  'class A { @decorated m() {} }',
  'class A { constructor() { super() } }',
  'return this.#x',
  'return super.x',
  'return import.meta',
  'import x from "y"',
  'export const x = 1',
  'return await x',
  'return yield 1',
  'return x?.y ?? 1_000n ** 2n',
  'return x || y ?? z',
  'return -1 ** 2',
  'x ??= y',
  'for await (const y of x);',
  'for (const x;;);',
  'let x; let x',
  'try {} catch (e) { let e }',
  'continue',
  'return new.target',
  'return { __proto__: 1, __proto__: 2 }',
  'return `\\u{zz}`',
  'return x`\\u{zz}`',
  'return a?.`x`',
]

describe('what the engine reads, and nothing else, is accepted:', () => {
  test.each(bodies)('%s', (body) => {
    for (const head of ['async () =>', 'function f(x)', '(x) =>', 'function* f(x)']) {
      for (const strict of [true, false]) {
        const expression = `${head} { ${body} }`
        const fault = findSyntaxFault(expression, strict)
        expect([expression, strict, fault === undefined]).toEqual([
          expression,
          strict,
          isRead(expression, strict),
        ])
      }
    }
  })
})

test.each([
  [
    '(x) => { using r = null }',
    'it has syntax that came after ES2025, which the engine cannot run, at "r = null }"',
  ],
  [
    '(x) => { with (x) y }',
    'it has what strict mode forbids, at "with (x) y }": \'with\' in strict mode',
  ],
  ['(x) => { return 1 ** }', 'it does not parse, at "}": Unexpected token'],
])('%s is refused in words that help', (expression, fault) => {
  expect(findSyntaxFault(expression, true)).toBe(fault)
})

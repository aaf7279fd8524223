import { transform } from 'esbuild'
import { describe, expect, test } from 'vitest'
import { shortenedNameHelpers, withoutNameHelpers } from './name-helpers.ts'

describe('what keeps names is left out', () => {
  test.each([
    [
      '(x) => { const f = __name((y) => y, "f"); return f(x) }',
      '(x) => { const f = (y) => y; return f(x) }',
    ],
    [
      '(x) => { function f(y) {}\n__name(f, "f"); return f(x) }',
      '(x) => { function f(y) {}\n return f(x) }',
    ],
    [
      '(x) => { class A { static { __name(this, "A"); } a = 1 } return A }',
      '(x) => { class A {  a = 1 } return A }',
    ],
    [
      '(x) => { const f = /* @__PURE__ */ __name(__name2((y) => y, "g"), "f"); return f }',
      '(x) => { const f = (y) => y; return f }',
    ],
    [
      'method(x) { const f = __name((y) => y, "f"); return f }',
      'method(x) { const f = (y) => y; return f }',
    ],
    // Not the compiler's.
    ['(x) => __name(x)', '(x) => __name(x)'],
    ['(x, __name) => __name((y) => y, "f")', '(x, __name) => __name((y) => y, "f")'],
    ['(x)=>s((y)=>y,"asc")', '(x)=>s((y)=>y,"asc")'],
  ])('%s', (source, expected) => expect(withoutNameHelpers(source)).toBe(expected))
})

test('a helper whose own name is shortened is known by what it does in its file', async () => {
  const { code } = await transform(
    'export const take = (sortBy, f) => f((x) => { const clean = (y) => y.trim(); return sortBy(clean, "asc") })',
    { keepNames: true, minify: true, format: 'esm' },
  )
  const names = shortenedNameHelpers(code)
  expect(names.size).toBe(1)
  const [name = ''] = names
  const source = `(a)=>{let t=${name}(e=>e.trim(),"clean");return s(t,"asc")}`
  expect(withoutNameHelpers(source, (each) => names.has(each))).toBe(
    '(a)=>{let t=e=>e.trim();return s(t,"asc")}',
  )
})

import { transform } from 'esbuild'
import { describe, expect, test } from 'vitest'
import { hasSpareBlanks } from './blanks.ts'

const written = [
  '(n) => n',
  // As swc writes it.
  '(n)=>n * 2',
  '(ticket, system)=>{\n    return ticket;\n}',
  'sign(text) { return text }',
  'function f(a,b){ return a }',
  'async function* each(n) { yield n }',
]

describe('blanks that could be left out', () => {
  test.each(written)('are in %s', (source) => expect(hasSpareBlanks(source)).toBe(true))

  test.each([
    'async e=>{await e}',
    'sign(t){return"a b, c"+t}',
    `e=>\`Dear \${e?\`, \${e} !\`:"x , y"} . \${e+ +e}\``,
    'e=>/[ ,] , = /.test(e)?e< !--n:1 .toFixed()',
    'function e(t){var n=t;for(const r of n)if("a"in r)return void 0;\nreturn typeof n}',
    '(e)=>{/*! a, b */return e}',
    'e=>é in ü',
    'class{static #a=1;b(){return #a in this}}',
    'function r(a,b){let t=2;for(;t-- >0;)a+=b;return a}',
    'e=>/a/ instanceof e',
    'e=>e<! --e.n',
    // A minifier leaves a blank now and then.
    'function a(e,t){for(const n of e)if(n.id=== t)return n.value;return t(e)}',
    'n',
    '',
    '((',
    '"',
  ])('are not in %s', (source) => expect(hasSpareBlanks(source)).toBe(false))

  test('are gone when a minifier has been there', async () => {
    const source = `(${written.filter((each) => each.includes('=>')).join('),(')})`
    const { code } = await transform(`x(${source})`, { minify: true })
    expect(hasSpareBlanks(code)).toBe(false)
  })
})

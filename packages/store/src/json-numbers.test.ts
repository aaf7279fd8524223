import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseWithIds, withIds, withNumbers } from './json-numbers.ts'

it.each([
  ['{"id":1790000000000000001}', { id: '1790000000000000001' }],
  ['[-9223372036854775807, 3]', ['-9223372036854775807', 3]],
  ['1790000000000000001', '1790000000000000001'],
  [
    '{"a":"1790000000000000001","b":"\\"1790000000000000001"}',
    { a: '1790000000000000001', b: '"1790000000000000001' },
  ],
  // What a double has in full stays a number, as does what is no id.
  [
    '[9007199254740991, 12345678901234567000, 0.12345678901234567, 1e+21]',
    [9007199254740991, 12345678901234567000, 0.12345678901234566, 1e21],
  ],
])('reads %s', (json, value) => {
  expect(parseWithIds(json)).toEqual(value)
})

it('changes nothing in what JavaScript writes', () => {
  fc.assert(
    fc.property(
      fc.json({ noUnicodeString: false }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      (json, number) => {
        const text = `[${json},${JSON.stringify(number)},"1234567890123456\\\\"]`
        expect(withIds(text)).toBe(text)
      },
    ),
  )
})

it('sees numbers only, and all of them', () => {
  const text = '{"1":[-1.5e3,"2 \\\\\\" 3"],"a\\\\":4}'
  expect(withNumbers(text, (digits) => `<${digits}>`)).toBe(
    '{"1":[<-1.5e3>,"2 \\\\\\" 3"],"a\\\\":<4>}',
  )
})

it.each(['01790000000000000001', '1790000000000000001.5.5', '[1790000000000000001'])(
  'takes nothing for JSON that is none: %s',
  (text) => {
    expect(() => parseWithIds(text)).toThrow(SyntaxError)
  },
)

it('finds an id wherever it stands', () => {
  const id = '9007199254740993'
  for (let before = 0; before < 40; before++) {
    for (const between of ['', '12345678901234 ', '1 ']) {
      const spaces = ' '.repeat(before)
      expect(withIds(`[${spaces}${between && '1,'}${id}]`)).toBe(
        `[${spaces}${between && '1,'}"${id}"]`,
      )
      expect(withIds(`["${between}",${spaces}${id}]`)).toBe(`["${between}",${spaces}"${id}"]`)
    }
  }
})

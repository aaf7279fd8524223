import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asJson } from './json-answer.ts'
import { lenient } from './json-in-text.ts'
import { withoutPythonStrings } from './python-strings.ts'

const raw = String.raw

describe('a Python literal', () => {
  it.each([
    [raw`{'a': 'it\'s caf\xe9 \U0001F600'}`, { a: "it's café 😀" }],
    [raw`{"a": "caf\xe9, \'quoted\' and \"quoted\""}`, { a: `café, 'quoted' and "quoted"` }],
    [raw`{'a': '\x22\x27\x5c'}`, { a: `"'\\` }],
    [raw`{'a': 'one\x0atwo\a\v\0\101'}`, { a: 'one\ntwo\u0007\u000b\u0000A' }],
    ["{'a': 'one \\\ntwo'}", { a: 'one two' }],
    [raw`{'a': '\\xe9 \\\\x41'}`, { a: raw`\xe9 \\x41` }],
    [raw`{u'a': u'hi', 'b': b'there', 'c': f"{name}"}`, { a: 'hi', b: 'there', c: '{name}' }],
    [raw`{'a': r'\d+\.\x41'}`, { a: raw`\d+\.\x41` }],
    [`{'a': """one\n"two" it's\n""", 'b': '''x'''}`, { a: 'one\n"two" it\'s\n', b: 'x' }],
    [raw`{'a': True, 'b': None, 'c': [False]}`, { a: true, b: null, c: [false] }],
    [raw`{'a': 'plain \n \u00e9 \t'}`, { a: 'plain \n é \t' }],
  ])('is read as what it means: %s', (text, value) => {
    expect(lenient(text)).toEqual(value)
    const read = asJson((json) =>
      typeof json === 'object' && json !== null && 'a' in json
        ? { ok: true, value: json }
        : { ok: false, fault: 'no' },
    )
    expect(read(`The answer:\n${text}\nThat is all.`)).toMatchObject({ ok: true, value })
  })

  it('is what JSON is where it is JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value)
        expect(JSON.parse(withoutPythonStrings(text))).toEqual(JSON.parse(text))
      }),
    )
  })

  it('is read in one go, however many quotes there are', () => {
    const quotes = ['"', "'", '"""', "u'", '\\', '\\"', "\\'", '"""\\']
    for (const quote of quotes) {
      const long = quote.repeat(100_000)
      expect(withoutPythonStrings(long).length).toBeLessThanOrEqual(long.length * 2)
    }
  })
})

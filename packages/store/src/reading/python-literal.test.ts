import fc from 'fast-check'
import { expect, it } from 'vitest'
import { pythonLiteral } from './python-literal.ts'

/** As Python's `repr` writes a JSON value. */
function repr(value: unknown): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'string') {
    const escaped = value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r')
    return value.includes("'") && !value.includes('"')
      ? `"${escaped}"`
      : `'${escaped.replaceAll("'", "\\'")}'`
  }
  if (Array.isArray(value)) return `[${value.map(repr).join(', ')}]`
  if (typeof value === 'object') {
    const members = Object.entries(value).map(([key, of]) => `${repr(key)}: ${repr(of)}`)
    return `{${members.join(', ')}}`
  }
  return String(value)
}

it('reads what Python writes of a JSON value', () => {
  const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.oneof(fc.constant(null), fc.boolean(), number, fc.string({ unit: 'grapheme' })),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.string(), tie('value'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }))
  fc.assert(
    fc.property(fc.array(value, { maxLength: 4 }), (list) => {
      // JSON has no negative zero, as the values that are read have none.
      expect(JSON.stringify(pythonLiteral(repr(list)))).toBe(JSON.stringify(list))
    }),
  )
})

it.each<[string, unknown]>([
  ["{'a': (1, 2.5, -3e2), 'b': 'it\\'s' \" two\"}", { a: [1, 2.5, -300], b: "it's two" }],
  ["['\\x41\\u00e9\\n']", ['Aé\n']],
  ['{}', {}],
  ['( )', []],
])('reads %s', (text, expected) => {
  expect(pythonLiteral(text)).toEqual(expected)
})

it.each([
  ...[
    "{'a': f(1)}",
    "{'a'}",
    '{1: 2}',
    "['a'",
    "['a'] b",
    'word',
    "{'a': nan}",
    "['\\ud8']",
    '[1,,2]',
  ],
  '['.repeat(5000),
  "['\\U00110000']",
])('takes nothing else for one: %s', (text) => {
  expect(pythonLiteral(text)).toBeUndefined()
})

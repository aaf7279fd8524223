import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonString, Utf8Writer } from './utf8-writer.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme-ascii', minLength: 60, maxLength: 70 }),
  fc
    .array(fc.constantFrom('\ud800', '\udc00', '"', '\\', '\n', 'é', '€', '😀', 'a'))
    .map((all) => all.join('')),
)

test('has the bytes of all pieces, however long they get', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(anyText, fc.boolean())),
      fc.integer({ min: 1, max: 2000 }),
      (pieces, times) => {
        const out = new Utf8Writer()
        let expected = ''
        for (const [text, quoted] of pieces) {
          const long = quoted ? text : text.repeat(times)
          if (quoted) out.json(long)
          else out.text(long)
          expected += quoted ? JSON.stringify(long.toWellFormed()) : long.toWellFormed()
        }
        expect(out.toString()).toBe(expected)
        expect(out.length).toBe(Buffer.byteLength(expected))
      },
    ),
  )
})

test('a JSON string says the same as the text, but for lone surrogates', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(JSON.parse(jsonString(text))).toBe(text.toWellFormed())
    }),
  )
})

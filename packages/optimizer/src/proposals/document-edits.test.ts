import { type Json, parameterVersion } from '@trace2/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Change, editedDocument, newDocument } from './document-edits.ts'

const name = fc.stringMatching(/^[a-z_.]{1,8}$/)
const value: fc.Arbitrary<Json> = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.boolean(),
  fc.array(fc.string({ maxLength: 4 }), { maxLength: 3 }),
  fc.dictionary(name, fc.integer(), { maxKeys: 3, noNullPrototype: true }),
)
const own = fc.dictionary(fc.constantFrom('note', 'owner'), fc.string(), { noNullPrototype: true })
const plain = fc.record({ value, own }).map((entry) => ({ ...entry.own, value: entry.value }))
const varied = fc
  .record({
    own,
    variants: fc.uniqueArray(value, { minLength: 2, maxLength: 4, selector: parameterVersion }),
  })
  .map(({ own, variants }) => ({
    ...own,
    variants: variants.map((each, at) => ({ value: each, weight: at + 1, by: 'hand' })),
  }))
type Entry = { value?: Json; variants?: { value: Json; weight: number; by: string }[] }
const entries: fc.Arbitrary<Record<string, Entry>> = fc.dictionary(
  name,
  fc.oneof<fc.Arbitrary<Entry>[]>(plain, varied),
  { maxKeys: 5, noNullPrototype: true },
)
const layout = fc.record({
  indent: fc.constantFrom(0, 2, 4, '\t'),
  eol: fc.constantFrom('\n', '\r\n'),
  end: fc.boolean(),
})

const set = (to: Json, replaces: string | null = null): Change => ({
  kind: 'set',
  value: to,
  replaces,
})

describe('an edited parameters document', () => {
  it('says what was changed and all else as before, in its own layout', () => {
    fc.assert(
      fc.property(
        entries,
        layout,
        value,
        fc.nat(),
        fc.nat(),
        name,
        (given, laid, to, nth, arm, fresh) => {
          const content = { $schema: './x.json', trace2: 1, parameters: given, team: ['a'] }
          const text =
            JSON.stringify(content, null, laid.indent).replaceAll('\n', laid.eol) +
            (laid.end ? laid.eol : '')
          const names = Object.keys(given)
          const chosen = [...names, fresh][nth % (names.length + 1)] ?? fresh
          const variant = given[chosen]?.variants?.[arm % (given[chosen]?.variants?.length ?? 1)]
          const replaces = variant ? parameterVersion(variant.value) : null
          const edited = editedDocument(text, new Map([[chosen, set(to, replaces)]]))

          const expected = structuredClone(content)
          const entry = expected.parameters[chosen]
          if (!entry)
            Object.assign(expected.parameters, {
              [chosen]: { value: to, version: parameterVersion(to) },
            })
          else if (entry.value !== undefined) entry.value = to
          else
            for (const each of entry.variants ?? [])
              if (parameterVersion(each.value) === replaces) each.value = to
          expect(JSON.parse(edited)).toEqual(expected)
          const order = Object.keys(expected.parameters)
          const wasOrdered = names.every((each, at) => at === 0 || (names[at - 1] ?? '') < each)
          expect(Object.keys(JSON.parse(edited).parameters)).toEqual(
            wasOrdered ? order.sort() : order,
          )
          if (laid.indent !== 0 && laid.eol === '\r\n')
            expect(edited.replaceAll('\r\n', '')).not.toContain('\n')
          expect(edited.endsWith(laid.eol)).toBe(laid.end)
          // An equal change makes no difference, and what was set can be taken away again.
          const again = replaces === null ? null : parameterVersion(to)
          expect(editedDocument(edited, new Map([[chosen, set(to, again)]]))).toBe(edited)
          const removed = JSON.parse(
            editedDocument(edited, new Map([[chosen, { kind: 'remove' }]])),
          )
          delete expected.parameters[chosen]
          expect(removed).toEqual(expected)
        },
      ),
    )
  })

  it.each([
    [
      'numbers as they were written',
      '{"trace2":1,"parameters":{"a":{"value":1.0},"b":{"value":2}},"x":1e3}',
    ],
    [
      'blank lines',
      '{\n\n  "trace2": 1,\n  "parameters": {\n    "a": {"value": 1},\n\n    "b": {"value": 2}\n  }\n}',
    ],
    [
      'tabs',
      '{\n\t"trace2": 1,\n\t"parameters": {\n\t\t"b": { "value": 2, "version": "x" }\n\t}\n}\n',
    ],
  ])('keeps %s', (_what, text) => {
    const edited = editedDocument(text, new Map([['b', set(3)]]))
    const expected = text
      .replace('"value":2', '"value":3')
      .replace('"value": 2', '"value": 3')
      .replace('"version": "x"', `"version": "${parameterVersion(3)}"`)
    expect(edited).toBe(expected)
  })

  it('has a new entry in a line of its own where its neighbour has one', () => {
    const text =
      '{\r\n\t"trace2": 1,\r\n\t"parameters": {\r\n\t\t"a": { "value": 1 }\r\n\t}\r\n}\r\n'
    const version = parameterVersion('x')
    expect(editedDocument(text, new Map([['b', set('x')]]))).toBe(
      text.replace(
        '{ "value": 1 }',
        `{ "value": 1 },\r\n\t\t"b": {\r\n\t\t\t"value": "x",\r\n\t\t\t"version": "${version}"\r\n\t\t}`,
      ),
    )
  })

  it('is made where there is none', () => {
    const text = newDocument(
      new Map([
        ['b', set(1)],
        ['a', set('x')],
      ]),
    )
    expect(Object.keys(JSON.parse(text).parameters)).toEqual(['a', 'b'])
    expect(text.endsWith('}\n')).toBe(true)
  })
})

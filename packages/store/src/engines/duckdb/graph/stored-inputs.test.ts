import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Utf8Writer } from '../../../utf8-writer.ts'
import { ContentCollector } from '../ingest/content.ts'
import { writeInput } from '../ingest/span-inputs.ts'
import { storedInputs } from './stored-inputs.ts'

const words = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('"', '\\', 'at', '},{"r":"'),
)
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null })

const row = fc.record({
  role: words,
  origin: fc.constantFrom('span', 'link', 'parameter', 'value', 'malformed'),
  how: fc.constantFrom('exact', 'identity', 'template'),
  pointer: fc.oneof(fc.constant(''), words),
  traceId: orNull(words),
  spanId: orNull(words),
  parameter: fc.constant(null),
  version: fc.constant(null),
  valueHash: orNull(words),
  distinctive: fc.boolean(),
  at: orNull(words),
  value: orNull(fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify(value))),
})

it('reads every input as it was written', () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 4 }), (rows) => {
      const written = rows.map((one) => {
        const out = new Utf8Writer()
        writeInput(out, one, new ContentCollector())
        return out.toString()
      })
      expect(storedInputs('s', `[${written}]`)).toEqual(
        rows.map((one) => ({
          span: 's',
          role: one.role,
          origin: one.origin,
          how: one.how,
          pointer: one.pointer,
          a: one.traceId ?? one.valueHash ?? '',
          b: one.spanId ?? '',
          distinctive: one.distinctive,
          given: one.at !== null,
          value: one.at === null && one.value !== null ? JSON.parse(one.value) : null,
          valueRef: null,
        })),
      )
    }),
  )
})

it('reads the hash of a long value, and what a store has that was migrated', () => {
  const usual = { span: 's', role: 'x', origin: 'value', how: 'exact', pointer: '', b: '' }
  const nothing = { distinctive: false, given: false, value: null }
  const long = '[{"r":"x","o":"value","a":"1","c":{"contentValue":"2"}}]'
  expect(storedInputs('s', long)).toEqual([{ ...usual, ...nothing, a: '1', valueRef: '2' }])
  const old =
    '[{"r":"x","o":"value","h":null,"a":"1","b":null,"d":false,"at":null,"v":"w","c":null}]'
  expect(storedInputs('s', old)).toEqual([
    { ...usual, ...nothing, a: '1', value: 'w', valueRef: null },
  ])
})

it('has none where none are written', () => {
  expect(storedInputs('s', null)).toEqual([])
  expect(storedInputs('s', '[]')).toEqual([])
})

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { span } from '../testing/spans.ts'
import { checkTraces, decodeTraces, eachSpan } from './decode.ts'
import { encodeTraces } from './encode-protobuf.ts'
import type { AnyValue } from './records.ts'
import { transcode } from './transcode/transcode.ts'

const { any } = fc.letrec<{ any: AnyValue }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    fc.boolean(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.double(),
    fc.string({ unit: 'grapheme' }),
    fc.uint8Array(),
    fc.array(tie('any')),
    fc
      .array(fc.tuple(fc.string({ unit: 'grapheme' }), tie('any')))
      .map((entries) => new Map(entries)),
  ),
}))

describe('protobuf', () => {
  it('carries every value there and back', () => {
    fc.assert(
      fc.property(any, (value) => {
        const record = span({ id: '1', parent: '2', attributes: { value }, error: 'bad' })
        expect(decodeTraces(encodeTraces([record]), 'protobuf')).toEqual({
          spans: [record],
          rejected: 0,
          errors: [],
        })
      }),
    )
  })

  it('never fails otherwise than with a coded error, whatever the bytes', () => {
    const good = encodeTraces([span({ id: '1', attributes: { a: 'b', c: [1n, 2.5] } })])
    fc.assert(
      fc.property(
        fc.nat(good.length - 1),
        fc.integer({ min: 0, max: 255 }),
        fc.nat(good.length),
        (at, byte, length) => {
          const bytes = good.slice()
          bytes[at] = byte
          try {
            decodeTraces(bytes.slice(0, length), 'protobuf')
          } catch (error) {
            expect(error).toMatchObject({ code: expect.stringMatching(/^T2_OTLP_/) })
          }
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('is checked without reading the texts as it is decoded with them', () => {
    const good = encodeTraces([span({ id: '1', attributes: { a: 'text' } }), span({ id: '2' })])
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const bytes = good.slice()
        bytes[at] = byte
        const outcome = (read: () => { rejected: number; errors: readonly string[] }) => {
          try {
            const { rejected, errors } = read()
            return { rejected, errors }
          } catch (error) {
            return String(error)
          }
        }
        expect(outcome(() => checkTraces(bytes, 'protobuf'))).toEqual(
          outcome(() => decodeTraces(bytes, 'protobuf')),
        )
      }),
      { numRuns: 1000 },
    )
  })

  it('takes logs for logs', () => {
    // ResourceLogs > ScopeLogs > LogRecord with time_unix_nano (field 1, fixed64)
    const record = [9, 1, 2, 3, 4, 5, 6, 7, 8]
    const scopeLogs = [18, record.length, ...record]
    const resourceLogs = [18, scopeLogs.length, ...scopeLogs]
    const body = Uint8Array.from([10, resourceLogs.length, ...resourceLogs])
    expect(() => decodeTraces(body, 'protobuf')).toThrow(/holds logs/)
  })

  it('rejects a value nested without end and keeps the other spans', () => {
    let deep: AnyValue = 'end'
    for (let i = 0; i < 200; i++) deep = [deep]
    const { spans, rejected, errors } = decodeTraces(
      encodeTraces([span({ id: '1', attributes: { deep } }), span({ id: '2' })]),
      'protobuf',
    )
    expect([spans.length, rejected, errors]).toEqual([
      1,
      1,
      ['span 1: a value is nested deeper than 64'],
    ])
  })
})

function decodeJson(...spans: unknown[]) {
  const body = { resourceSpans: [{ scopeSpans: [{ spans }] }] }
  return decodeTraces(Buffer.from(JSON.stringify(body)), 'json')
}

const ids = { traceId: 'ABCDEF0123456789abcdef0123456789', spanId: 'ABCDEF0123456789' }

function attribute(value: unknown): AnyValue | undefined {
  return decodeJson({ ...ids, attributes: [{ key: 'k', value }] }).spans[0]?.attributes.get('k')
}

it.each(['protobuf', 'json'] as const)(
  'a failure of who takes spans is no fault of the bytes, in %s',
  (encoding) => {
    const spans = encodeTraces([span({ id: '1' }), span({ id: '2' })])
    const { body } = transcode('traces', spans, 'protobuf', encoding)
    const failure = new Error('the disk is full')
    let taken = 0
    const take = () => {
      taken++
      throw failure
    }
    expect(() => eachSpan(body, encoding, take)).toThrow(failure)
    expect(taken).toBe(1)
  },
)

describe('JSON', () => {
  it('reads ids as hex in any case', () => {
    expect(decodeJson(ids).spans[0]).toMatchObject({
      traceId: ids.traceId.toLowerCase(),
      spanId: ids.spanId.toLowerCase(),
    })
  })

  it.each([
    [{ stringValue: 'a' }, 'a'],
    [{ boolValue: false }, false],
    [{ intValue: '9223372036854775807' }, 9223372036854775807n],
    [{ intValue: 7 }, 7n],
    [{ intValue: 1e21 }, 1e21],
    [{ doubleValue: 1 }, 1],
    [{ doubleValue: null }, Number.NaN],
    [{ doubleValue: '-Infinity' }, Number.NEGATIVE_INFINITY],
    [{ bytesValue: 'AQI=' }, Uint8Array.of(1, 2)],
    [{ arrayValue: { values: [{ intValue: 1 }, {}] } }, [1n, null]],
    [
      { kvlistValue: { values: [{ key: '__proto__', value: { intValue: 1 } }] } },
      new Map([['__proto__', 1n]]),
    ],
    [{ string_value: 'snake' }, 'snake'],
    [{ stringValueStrindex: 4 }, null],
    [{}, null],
  ])('reads %j', (value, expected) => {
    expect(attribute(value)).toEqual(expected)
  })

  it('takes 64-bit times as text or number, and nonsense for none', () => {
    const times = (startTimeUnixNano: unknown) =>
      decodeJson({ ...ids, startTimeUnixNano }).spans[0]?.startNs
    expect(times('1790000000123456789')).toBe(1790000000123456789n)
    expect(times(1000)).toBe(1000n)
    expect(times(-5)).toBeUndefined()
    // More than 64 bits is a time that no view can show.
    expect(times('99999999999999999999999')).toBeUndefined()
    expect(times({ length: 8e8 })).toBeUndefined()
  })

  it('understands names of enums and snake_case', () => {
    const [span] = decodeJson({
      trace_id: ids.traceId,
      span_id: ids.spanId,
      kind: 'SPAN_KIND_SERVER',
      status: { code: 'STATUS_CODE_ERROR' },
    }).spans
    expect(span).toMatchObject({ kind: 2, status: { code: 2 } })
  })

  it('rejects spans without valid ids one by one, and says why', () => {
    const decoded = decodeJson(
      { spanId: ids.spanId },
      { ...ids, traceId: '00000000000000000000000000000000' },
      { ...ids, spanId: 'abcd' },
      { ...ids, traceId: { length: 8e8 } },
      ids,
      17,
    )
    expect(decoded.spans).toHaveLength(1)
    expect(decoded.rejected).toBe(5)
    expect(decoded.errors).toEqual([
      'span 1: traceId is missing',
      'span 2: traceId is zero',
      'span 3: spanId has 2 bytes instead of 8',
      'span 4: traceId is not hex',
      'span 6: traceId is missing',
    ])
  })

  it('ignores what it does not know', () => {
    expect(decodeJson({ ...ids, future: { a: 1 }, links: 'no list' }).spans).toHaveLength(1)
  })

  it.each([
    '[]',
    'not json',
    '"text"',
    '{"resourceLogs":[]}',
    '{"resourceSpans":{}}',
    '{"resourceSpans":[{"scopeSpans":[1]}]}',
    '{"resourceSpans":[{"scopeSpans":[{"spans":{"0":{}}}]}]}',
  ])('refuses %s', (body) => {
    expect(() => decodeTraces(Buffer.from(body), 'json')).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^T2_OTLP_/) }),
    )
  })
})

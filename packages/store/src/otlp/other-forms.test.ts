import { describe, expect, it } from 'vitest'
import { decodeTraces } from './decode.ts'
import { splitRequest } from './transcode/split.ts'
import { transcode } from './transcode/transcode.ts'

const ids = { traceId: '0123456789abcdef0123456789abcdef', spanId: '0123456789abcdef' }
const times = { startTimeUnixNano: '1700000000000000000', endTimeUnixNano: '1700000000500000000' }
const span = { ...ids, ...times, name: 'answer' }
const request = (of: object, list = 'scopeSpans', scope = 'scope') => ({
  resourceSpans: [{ [list]: [{ [scope]: { name: 'sdk', version: '1' }, spans: [of] }] }],
})
const bytes = (body: unknown) => Buffer.from(JSON.stringify(body))
const decode = (body: unknown) => decodeTraces(bytes(body), 'json')

it.each([
  ['instrumentationLibrarySpans', 'instrumentationLibrary'],
  ['instrumentation_library_spans', 'instrumentation_library'],
])('reads the names of OTLP before 0.15: %s', (list, scope) => {
  const body = request(span, list, scope)
  const expected = decode(request(span))
  expect(expected.spans).toHaveLength(1)
  expect(decode(body)).toEqual(expected)
  // Wherever a request is taken apart or goes on in the other encoding.
  const sent = transcode('traces', bytes(body), 'json', 'protobuf')
  expect(decodeTraces(sent.body, 'protobuf').spans).toEqual(expected.spans)
  const two = request(span, list, scope)
  two.resourceSpans[0]?.[list]?.[0]?.spans.push({ ...span, spanId: '00000000000000aa' })
  const halves = splitRequest('traces', 'json', bytes(two)) ?? []
  expect(halves.flatMap((half) => decodeTraces(half, 'json').spans)).toHaveLength(2)
})

it.each([
  ['upper case', ids.traceId.toUpperCase(), ids.spanId.toUpperCase()],
  [
    'base64, as protobuf’s own JSON has bytes',
    Buffer.from(ids.traceId, 'hex').toString('base64'),
    Buffer.from(ids.spanId, 'hex').toString('base64'),
  ],
])('reads ids in %s', (_, traceId, spanId) => {
  const { spans, rejected } = decode(request({ ...span, traceId, spanId, parentSpanId: spanId }))
  expect(rejected).toBe(0)
  expect(spans).toMatchObject([{ ...ids, parentSpanId: ids.spanId }])
})

it.each([
  ['AAAAAAAAAAAAAAAAAAAAAA==', 'zero'],
  ['0123456789abcdef', 'too short'],
  ['0123456789abcdefghijkl==', 'base64 of 16 bytes'],
])('takes no other text for an id: %s (%s)', (traceId, what) => {
  const { spans, rejected } = decode(request({ ...span, traceId }))
  expect([spans.length, rejected]).toEqual(what.startsWith('base64') ? [1, 0] : [0, 1])
})

it.each<[string, unknown, bigint]>([
  ['nanoseconds', '1700000000123456789', 1_700_000_000_123_456_789n],
  ['microseconds', 1_700_000_000_123_456, 1_700_000_000_123_456_000n],
  ['milliseconds', '1700000000123', 1_700_000_000_123_000_000n],
  ['ISO 8601', '2023-11-14T22:13:20.123456789Z', 1_700_000_000_123_456_789n],
  ['ISO 8601 with a zone', '2023-11-14T23:13:20+01:00', 1_700_000_000_000_000_000n],
  ['no time', 'yesterday', 0n],
  ['a date alone', '2023-11-14', 0n],
])('reads times in %s', (_, startTimeUnixNano, expected) => {
  const { spans } = decode(request({ ...span, startTimeUnixNano }))
  expect(spans).toMatchObject([{ startNs: expected }])
})

describe('a body that is no OTLP is refused with what it looks like', () => {
  it.each([
    ['Zipkin', [{ traceId: ids.traceId, id: ids.spanId, timestamp: 1 }]],
    ['Jaeger', { data: [{ traceID: ids.traceId, spans: [] }] }],
    ['Jaeger', { spans: [{ traceID: ids.traceId }] }],
    ['Langfuse', { batch: [{ type: 'trace-create', body: {} }] }],
    ['LangSmith', { post: [{ id: '1', run_type: 'llm' }] }],
    ['console exporter', { name: 'x', context: { trace_id: '0x1', span_id: '0x2' } }],
    ['console exporter', [{ traceId: ids.traceId, duration: 5, name: 'x' }]],
    ['request for a model', { model: 'm', messages: [] }],
  ])('%s', (name, body) => {
    expect(() => decode(body)).toThrow(
      expect.objectContaining({
        code: 'T2_OTLP_INVALID',
        status: 400,
        message: expect.stringContaining(name),
      }),
    )
  })

  it('and one that looks like nothing as well', () => {
    expect(() => decode({ hello: 1 })).toThrow('The body has no resourceSpans.')
  })

  it('but nothing in it is a request of nothing', () => {
    expect(decode({})).toEqual({ spans: [], rejected: 0, errors: [] })
    expect(decode({ resourceSpans: [] })).toEqual({ spans: [], rejected: 0, errors: [] })
  })
})

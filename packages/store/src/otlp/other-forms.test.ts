import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { span as record } from '../testing/spans.ts'
import { decodeLogs, decodeTraces, type OtlpEncoding, writtenIn } from './decode.ts'
import { encodeTraces } from './encode-protobuf.ts'
import { splitRequest } from './transcode/split.ts'
import { transcode } from './transcode/transcode.ts'

const ids = { traceId: '0123456789abcdef0123456789abcdef', spanId: '0123456789abcdef' }
const times = { startTimeUnixNano: '1700000000000000000', endTimeUnixNano: '1700000000500000000' }
const span = { ...ids, ...times, name: 'answer' }
const request = (of: object, list = 'scopeSpans', scope = 'scope') => ({
  resourceSpans: [{ [list]: [{ [scope]: { name: 'sdk', version: '1' }, spans: [of] }] }],
})
const uuidOf = (hex: string) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
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
  ['UUIDs and after 0x', uuidOf(ids.traceId), `0x${ids.spanId}`],
  ['capitals after 0X', `0X${ids.traceId.toUpperCase()}`, `0X${ids.spanId.toUpperCase()}`],
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
  ['ISO 8601 with a blank', '2023-11-14 22:13:20.5+00:00', 1_700_000_000_500_000_000n],
  ['seconds', 1_700_000_000, 1_700_000_000_000_000_000n],
  ['seconds with a fraction', 1_700_000_000.25, 1_700_000_000_250_000_000n],
  ['seconds as a text', '1700000000.123456789', 1_700_000_000_123_456_789n],
  ['milliseconds with a fraction', 1_700_000_000_123.5, 1_700_000_000_123_500_000n],
  ['nanoseconds with an exponent', '1.7e18', 1_700_000_000_000_000_000n],
  ['seconds and nanoseconds', [1_700_000_000, 5], 1_700_000_000_000_000_005n],
  ['two halves', { low: 5, high: 395_812_400 }, (395_812_400n << 32n) + 5n],
  ['nothing', '', 0n],
  ['small nanoseconds', 17, 17n],
])('reads times in %s', (_, startTimeUnixNano, expected) => {
  const body = request({ ...span, startTimeUnixNano, endTimeUnixNano: '1800000000000000000' })
  // A span without a start begins where it ends.
  const startNs = expected || 1_800_000_000_000_000_000n
  expect(decode(body).spans).toMatchObject([{ startNs }])
  const event = { name: 'e', timeUnixNano: startTimeUnixNano }
  const { spans } = decode(request({ ...span, events: [event] }))
  expect(spans[0]?.events).toMatchObject([{ timeNs: expected }])
})

it.each([
  ['words', 'yesterday'],
  ['a date alone', '2023-11-14'],
  ['no zone', '2023-11-14T22:13:20'],
  ['no day of the calendar', '2023-02-31T99:00:00Z'],
  ['a time before 1970', -5],
  ['a time before 1970', '-1700000000000000000'],
  ['a time before 1970', '1969-12-31T23:59:59Z'],
  ['three numbers', [1, 2, 3]],
  ['more than a second', [1, 1_000_000_000]],
  ['a boolean', true],
])('rejects a span whose time is %s, and no other', (_, time) => {
  const good = { ...span, spanId: '00000000000000aa' }
  const body = request({ ...span, startTimeUnixNano: time })
  body.resourceSpans[0]?.scopeSpans?.[0]?.spans.push(good)
  expect(decode(body)).toMatchObject({
    spans: [{ spanId: good.spanId }],
    rejected: 1,
    errors: [expect.stringContaining('startTimeUnixNano is neither')],
  })
  // An event is not worth its span.
  const events = [{ name: 'e', timeUnixNano: time }]
  expect(decode(request({ ...span, events })).spans[0]?.events).toMatchObject([{ timeNs: 0n }])
})

it.each([
  ['in the year 9999', '9999-12-31T23:59:59Z'],
  ['in the year 9999, in nanoseconds', '253402300799000000000'],
])('rejects a span that is %s', (_, startTimeUnixNano) => {
  const { spans, errors } = decode(request({ ...span, startTimeUnixNano }))
  expect([spans, errors]).toEqual([[], [expect.stringContaining('after 10 April 2262')]])
})

it('keeps a span that ends before it starts', () => {
  const times = { startTimeUnixNano: '1700000000000000005', endTimeUnixNano: '1700000000000000001' }
  expect(decode(request({ ...span, ...times })).spans).toMatchObject([
    { startNs: 1_700_000_000_000_000_005n, endNs: 1_700_000_000_000_000_001n },
  ])
})

it('sends such times and ids on as they were meant', () => {
  const body = request({
    ...span,
    traceId: `0x${ids.traceId}`,
    startTimeUnixNano: [1_700_000_000, 5],
    endTimeUnixNano: '2023-11-14 22:13:20.5+00:00',
  })
  const sent = transcode('traces', bytes(body), 'json', 'protobuf')
  expect(decodeTraces(sent.body, 'protobuf').spans).toEqual(decode(body).spans)
})

describe('a body that is no OTLP is refused with what it looks like', () => {
  it.each([
    ['Zipkin', [{ traceId: ids.traceId, id: ids.spanId, timestamp: 1 }]],
    ['Jaeger', { data: [{ traceID: ids.traceId, spans: [] }] }],
    ['Jaeger', { spans: [{ traceID: ids.traceId }] }],
    ['Langfuse', { batch: [{ type: 'trace-create', body: {} }] }],
    ['Langfuse', { id: 'a', name: 'x', observations: [{ id: 'b', type: 'GENERATION' }] }],
    ['Langfuse', [{ id: 'a', observations: [] }]],
    ['Langfuse', [{ id: 'b', traceId: 'a', type: 'GENERATION', parentObservationId: null }]],
    ['traces of another tool', [{ traceId: ids.traceId, spans: [] }]],
    ['traces of another tool', { traceId: ids.traceId, spans: [{ id: 'b' }] }],
    ['LangSmith', { post: [{ id: '1', run_type: 'llm' }] }],
    ['console exporter', { name: 'x', context: { trace_id: '0x1', span_id: '0x2' } }],
    ['console exporter', [{ traceId: ids.traceId, duration: 5, name: 'x' }]],
    ['request for a model', { model: 'm', messages: [] }],
    ['Jaeger', { data: [{ traceID: 'x', spans: [] }], total: 1 }],
    ['Datadog', [[{ trace_id: 1, span_id: 2, name: 'web' }]]],
    ['Langfuse', { batch: [], metadata: {} }],
    ['LangSmith', { post: [], patch: [] }],
    ['LangSmith', { id: '1', run_type: 'llm', name: 'x' }],
    ['LangSmith', [{ id: '1', run_type: 'llm', name: 'x' }]],
    ['a data frame of OpenInference', [{ 'context.trace_id': 'a', name: 'x' }]],
    ['a data frame of OpenInference', { 'context.trace_id': { 0: 'a' }, name: { 0: 'x' } }],
    ['Phoenix', { data: [{ name: 'x', context: { trace_id: 'a', span_id: 'b' } }] }],
    ['MLflow', { info: { trace_id: 'tr-1' }, data: { spans: [] } }],
    ['OpenAI Agents SDK', { data: [{ object: 'trace', id: 'trace_1' }] }],
    ['Braintrust', { events: [{ span_id: 'x', root_span_id: 'y' }] }],
    ['SkyWalking', [{ traceId: 'a.b', traceSegmentId: 'c', spans: [] }]],
    ['X-Ray', { trace_id: '1-5759e988-bd862e3fe1be46a994272793', id: 'b', start_time: 1.5 }],
    ['Honeycomb', [{ time: '2024', data: { 'trace.trace_id': 'a' } }]],
    ['a list of OTLP requests', [request(span)]],
    ['{"resourceSpans": …}', request(span).resourceSpans],
    ['{"resourceSpans": …}', request(span).resourceSpans[0]],
    ['without the resource and the scope', [span]],
    ['without the resource and the scope', span],
    ['without the resource and the scope', { spans: [span] }],
    ['Tempo', { batches: request(span).resourceSpans }],
    ['inside of another object', { data: request(span) }],
    ['encode it once', JSON.stringify(request(span))],
    ['other capital letters', { ResourceSpans: [] }],
    ['GraphQL', { query: '{ x }' }],
    ['JSON-RPC', { jsonrpc: '2.0', method: 'x' }],
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

  it.each([
    ['spans where groups belong', { resourceSpans: [span] }],
    ['spans without a scope', { resourceSpans: [{ resource: {}, spans: [span] }] }],
    ['a wrong name', { resourceSpans: [{ scope_span: [{ spans: [span] }] }] }],
    ['a wrong name inside', { resourceSpans: [{ scopeSpans: [{ scope: {}, records: [span] }] }] }],
  ])('with %s, which would be lost', (_, body) => {
    expect(() => decode(body)).toThrow(expect.objectContaining({ code: 'T2_OTLP_INVALID' }))
  })

  it('but nothing in it is a request of nothing', () => {
    expect(decode({})).toEqual({ spans: [], rejected: 0, errors: [] })
    expect(decode({ resourceSpans: [] })).toEqual({ spans: [], rejected: 0, errors: [] })
    const empty = { resource: {}, schemaUrl: '', scopeSpans: [{ scope: {} }] }
    expect(decode({ resourceSpans: [empty, { resource: {} }] }).spans).toEqual([])
  })
})

describe('bytes that are no OTLP are refused with what they look like', () => {
  const text = JSON.stringify(request(span))
  it.each<[string, OtlpEncoding, Buffer]>([
    ['gzip', 'json', gzipSync(text)],
    ['gzip', 'protobuf', gzipSync(text)],
    ['zstd', 'protobuf', Buffer.from('28b52ffd00', 'hex')],
    ['UTF-16', 'json', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['JSON', 'protobuf', Buffer.from(text)],
    ['protobuf', 'json', Buffer.from(encodeTraces([record({ id: '1' })]))],
    ['MessagePack', 'protobuf', Buffer.from('91918ca474797065a3776562', 'hex')],
    ['gRPC', 'protobuf', Buffer.concat([Buffer.of(0, 0, 0, 0, 2), Buffer.of(0x0a, 0)])],
    ['several JSON texts', 'json', Buffer.from(`${text}\n${text}\n`)],
    ['Sentry', 'json', Buffer.from('{"event_id":"9ec79c33"}\n{"type":"transaction"}\n{}\n')],
    ['HTML', 'json', Buffer.from('<!doctype html>')],
    ['a form', 'json', Buffer.from('a=b&c=d')],
  ])('%s, sent as %s', (name, encoding, body) => {
    expect(() => decodeTraces(body, encoding)).toThrow(
      expect.objectContaining({
        code: 'T2_OTLP_INVALID',
        message: expect.stringMatching(`it looks like .*${name}`),
      }),
    )
  })

  it('also where each field of them is one that OTLP may get some day', () => {
    const other = Buffer.of(0x12, 2, 0x61, 0x62)
    expect(() => decodeTraces(other, 'protobuf')).toThrow('The body has no field of OTLP')
    expect(() => decodeLogs(other, 'protobuf')).toThrow('The body has no field of OTLP')
    expect(decodeTraces(Buffer.of(), 'protobuf').spans).toEqual([])
  })

  it('and metrics by the place of their names', () => {
    const field = (number: number, ...content: readonly Uint8Array[]) => {
      const bytes = Buffer.concat(content)
      return Buffer.concat([Buffer.of((number << 3) | 2, bytes.byteLength), bytes])
    }
    const metric = field(2, field(1, Buffer.from('gen_ai.client.token.usage')))
    const body = field(1, field(2, metric))
    expect(() => decodeTraces(body, 'protobuf')).toThrow('The body holds metrics, not traces.')
  })
})

it.each<[OtlpEncoding, OtlpEncoding, Buffer]>([
  ['json', 'protobuf', Buffer.from('{"resourceSpans":[]}')],
  ['json', 'protobuf', Buffer.from('\ufeff{"resourceSpans":[]}')],
  ['json', 'json', Buffer.from('\n\t {"resourceSpans":[]}')],
  ['protobuf', 'json', Buffer.from(encodeTraces([record({ id: '1' })]))],
  ['protobuf', 'protobuf', Buffer.from(encodeTraces([record({ id: '1' })]))],
  ['protobuf', 'protobuf', Buffer.of()],
  ['json', 'json', Buffer.from('hello')],
])('takes for %s what was announced as %s', (expected, announced, body) => {
  expect(writtenIn(body, announced)).toBe(expected)
})

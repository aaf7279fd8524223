import { describe, expect, it } from 'vitest'
import { span } from '../testing/spans.ts'
import { decodeLogs, decodeTraces, encodeTraces, TIME_END_NS } from './index.ts'

const last = TIME_END_NS - 1n
const largest = 2n ** 64n - 1n

function tracesJson(startNs: bigint, endNs: bigint) {
  const ids = (spanId: string) => ({ traceId: 'ab'.repeat(16), spanId })
  const good = {
    ...ids('cd'.repeat(8)),
    name: 'good',
    startTimeUnixNano: '1',
    endTimeUnixNano: '2',
  }
  const times = { startTimeUnixNano: String(startNs), endTimeUnixNano: String(endNs) }
  return JSON.stringify({
    resourceSpans: [{ scopeSpans: [{ spans: [good, { ...ids('ef'.repeat(8)), ...times }] }] }],
  })
}

function tracesProtobuf(startNs: bigint, endNs: bigint) {
  return encodeTraces([span({ id: '1' }), { ...span({ id: '2' }), startNs, endNs }])
}

describe.each([
  ['json', (start: bigint, end: bigint) => Buffer.from(tracesJson(start, end))],
  ['protobuf', tracesProtobuf],
] as const)('times in %s', (encoding, request) => {
  it.each([
    ['a start that no view can show', TIME_END_NS, TIME_END_NS, 'startTimeUnixNano'],
    ['the largest start that there is', largest, largest, 'startTimeUnixNano'],
    ['an end that no view can show', 1n, TIME_END_NS, 'endTimeUnixNano'],
  ])('costs a span with %s only itself', (_, start, end, name) => {
    const { spans, rejected, errors } = decodeTraces(request(start, end), encoding)
    expect([spans.length, rejected]).toEqual([1, 1])
    expect(errors).toEqual([expect.stringContaining(name)])
  })

  it('has a span that says no start begin where it ends', () => {
    const [, taken] = decodeTraces(request(0n, 7n), encoding).spans
    expect(taken).toMatchObject({ startNs: 7n, endNs: 7n })
    const [, unfinished] = decodeTraces(request(7n, 0n), encoding).spans
    expect(unfinished).toMatchObject({ startNs: 7n, endNs: 0n })
  })

  it('is taken up to the last that a view can show', () => {
    const { spans, rejected } = decodeTraces(request(last, last), encoding)
    expect([spans.length, rejected, spans[1]?.endNs]).toEqual([2, 0, last])
  })
})

it('costs a log record with such a time only itself', () => {
  const records = [{ timeUnixNano: String(TIME_END_NS) }, { observedTimeUnixNano: String(last) }]
  const body = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: records }] }] })
  const { records: taken, rejected } = decodeLogs(Buffer.from(body), 'json')
  expect([taken.map(({ timeNs }) => timeNs), rejected]).toEqual([[last], 1])
})

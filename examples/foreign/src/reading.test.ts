import type { Json } from '@trace2/core'
import { describe, expect, it } from 'vitest'
import type { Exchange } from '../model/server.mjs'
import { readingOf } from './reading.ts'
import type { Recorded, RecordedSpan } from './recorded.ts'

// What is missing is our fault if it was sent, and none if it was not.

const args = { order_id: 'A-1042' }
const result = 'Order A-1042 left the depot in Lyon on Monday.'
const exchange = (of: Partial<Exchange>): Exchange => ({
  system: '',
  tools: [],
  messages: [],
  turn: { text: '', call: null },
  ...of,
})
const call = { name: 'lookup_order', args }
const told = [
  { role: 'assistant', text: '', calls: [call], results: [] },
  { role: 'tool', text: '', calls: [], results: [{ text: result }] },
]
const asking = exchange({ turn: { text: '', call } })
const answering = exchange({ messages: told, turn: { text: 'It comes soon.', call: null } })

function modelCall(span: number, attributes: Json, trace = 'one'): RecordedSpan {
  return {
    node: `span:${trace}:${span}`,
    parent: `span:${trace}:`,
    kind: 'llm',
    op: 'chat',
    startNs: BigInt(span),
    columns: new Map<string, Json>([
      ['trace_id', trace],
      ['attributes', JSON.stringify(attributes)],
    ]),
  }
}

function step(id: string, attributes: Json, trace: string): RecordedSpan {
  return { ...modelCall(9, attributes, trace), node: `span:${trace}:${id}`, kind: 'agent' }
}

/** A store in which nothing of what the spans say was read but what they are. */
function unread(spans: readonly RecordedSpan[]): Recorded {
  const nodes = spans.map(({ node }) => ({ id: node }))
  return {
    spans,
    graphs: [{ nodes, edges: [] }],
    parameters: new Map(),
    sent: JSON.stringify(spans.map((s) => [...s.columns])),
  }
}

describe('an edge that is missing', () => {
  const asked = { input: 'Where is it?', output: `lookup_order(${JSON.stringify(args)})` }
  const isSent = (first: Json, second: Json, trace?: string) =>
    readingOf([asking, answering], unread([modelCall(1, first), modelCall(2, second, trace)])).edges

  it('is sent where the other call was told the result', () => {
    expect(isSent(asked, { input: ['Where is it?', result] })).toMatchObject({ of: 1, sent: true })
  })

  it('is sent where the other call was told what was asked for', () => {
    expect(isSent(asked, { input: JSON.stringify([args]) })).toMatchObject({ of: 1, sent: true })
  })

  it('is not sent where the other call has the question only', () => {
    expect(isSent(asked, { input: 'Where is it?' })).toMatchObject({ of: 1, sent: false })
  })

  it('is not sent where the first call was told the same, from earlier in the conversation', () => {
    const before = `Before: ${result}`
    expect(isSent({ ...asked, input: before }, { input: before })).toMatchObject({ sent: false })
    expect(isSent({ ...asked, input: before }, { input: [before, result] })).toMatchObject({
      sent: true,
    })
  })

  it('is not sent where the other call is in another trace', () => {
    expect(isSent(asked, { input: result }, 'two')).toMatchObject({ of: 1, sent: false })
  })
})

describe('tokens from a cache that are missing', () => {
  const cached = (...spans: RecordedSpan[]) =>
    readingOf([answering], unread([modelCall(1, {}), ...spans])).cached

  it('are sent where a span of the trace of a call counts them', () => {
    expect(cached(step('2', { usage: { cache_read: 7 } }, 'one'))).toBe('not read')
  })

  it('are not sent where a span of another trace counts them', () => {
    expect(cached(step('2', { usage: { cache_read: 7 } }, 'two'))).toBe('not sent')
    expect(cached()).toBe('not sent')
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { span, spanId, traceId } from '../../../store/src/testing/spans.ts'
import { type Collector, startCollector } from '../collector.ts'

let collector: Collector

beforeEach(async () => {
  collector = await startCollector({ db: ':memory:', port: 0 })
})
afterEach(() => collector.close())

const ids = { traceId: traceId('a'), spanId: spanId('1') }
const text = (stringValue: string) => ({ stringValue })
const attribute = (key: string, value: object) => ({ key, value })

async function send(...logRecords: object[]): Promise<Response> {
  const body = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] })
  const headers = { 'content-type': 'application/json' }
  return fetch(`${collector.url}/v1/logs`, { method: 'POST', headers, body })
}

describe('POST /v1/logs', () => {
  it('turns evaluation results into feedback', async () => {
    await collector.store.writeSpans([span({ id: '1' })])
    const response = await send({
      ...ids,
      timeUnixNano: '1790000000000000000',
      eventName: 'gen_ai.evaluation.result',
      attributes: [
        attribute('gen_ai.evaluation.name', text('relevance')),
        attribute('gen_ai.evaluation.score.value', { doubleValue: 0.25 }),
        attribute('gen_ai.evaluation.explanation', text('beside the point')),
      ],
    })
    expect([response.status, await response.text()]).toEqual([200, '{}'])
    expect(await collector.store.feedback()).toMatchObject([
      { ...ids, name: 'relevance', score: 0.25, comment: 'beside the point' },
    ])
  })

  it('gives a model call the messages that came as events, whichever came first', async () => {
    const message = (eventName: string, content: string) => ({
      ...ids,
      attributes: [attribute('event.name', text(eventName))],
      body: { kvlistValue: { values: [attribute('content', text(content))] } },
    })
    await send(
      message('gen_ai.system.message', 'Be brief.'),
      message('gen_ai.user.message', 'Where is it?'),
      { ...ids, eventName: 'gen_ai.choice', body: text('On its way.') },
    )
    const attributes = { 'gen_ai.operation.name': 'chat' }
    await collector.store.writeSpans([span({ id: '1', attributes })])
    const graph = await collector.store.graph(traceId('a'))
    expect(graph.nodes).toMatchObject([
      { kind: 'parameter', value: 'Be brief.' },
      { kind: 'input' },
      { value: 'On its way.', inputs: { input: [{ role: 'user', content: 'Where is it?' }] } },
    ])
  })

  it('leaves what a span was sent with as it is, whatever logs say of it later', async () => {
    const output = 'what the span itself calls its output'
    const attributes = { 'gen_ai.operation.name': 'chat', 'output.value': output }
    await collector.store.writeSpans([span({ id: '1', attributes })])
    await send({ ...ids, eventName: 'gen_ai.choice', body: text('On its way.') })
    const { rows } = await collector.store.sql(
      `SELECT attributes ->> '$."output.value"' FROM v_span`,
    )
    expect(rows).toEqual([[output]])
  })

  it('says that traces are no logs', async () => {
    const response = await fetch(`${collector.url}/v1/logs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"resourceSpans":[]}',
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ message: expect.stringContaining('spans') })
  })
})

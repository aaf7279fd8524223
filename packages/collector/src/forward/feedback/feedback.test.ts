import { randomUUID } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Feedback, NewFeedback } from '@trace2/store'
import { decodeLogs, decodeTraces, encodeTraces } from '@trace2/store/otlp'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openClient } from '../../../../store/src/client.ts'
import { rowsOfLogs } from '../../../../store/src/reading/logs.ts'
import { span, spanId, traceId } from '../../../../store/src/testing/spans.ts'
import { temporaryDirectory } from '../../../../store/src/testing/temporary.ts'
import { type Collector, startCollector } from '../../collector.ts'
import { type OtlpTarget, startTarget } from '../../testing/otlp-target.ts'
import type { ForwardTarget } from '../target.ts'
import { feedbackDialect } from './dialect.ts'
import { feedbackEntry } from './entry.ts'
import { feedbackRequest } from './request.ts'

const directory = temporaryDirectory()
const run = traceId('a')
const step = spanId('b')

async function target(...args: Parameters<typeof startTarget>): Promise<OtlpTarget> {
  const started = await startTarget(...args)
  onTestFinished(() => started.close())
  return started
}

async function collector(
  forward: readonly ForwardTarget[],
  db = join(directory, `${randomUUID()}.duckdb`),
): Promise<Collector> {
  const started = await startCollector({ db, port: 0, forward })
  onTestFinished(() => started.close())
  return started
}

/** Gives feedback as `trace2 feedback` does: over the collector's HTTP interface. */
function give({ url }: Collector, given: Partial<NewFeedback>): Promise<Feedback> {
  const feedback = { traceId: run, spanId: step, name: 'accuracy', identifier: 'me', ...given }
  return openClient(url).addFeedback(feedback)
}

function jsonOf(arrived: OtlpTarget['arrived'][number] | undefined): unknown {
  return JSON.parse(arrived?.body.toString() ?? '')
}

describe('the way to tell a target', () => {
  it.each([
    ['http://localhost:6006', 'phoenix'],
    ['http://phoenix:6006/v1/traces', 'phoenix'],
    ['https://app.phoenix.arize.com/s/me', 'phoenix'],
    ['https://cloud.langfuse.com/api/public/otel', 'langfuse'],
    ['https://us.cloud.langfuse.com/api/public/otel/v1/traces', 'langfuse'],
    ['http://langfuse.intern/base/api/public/otel/', 'langfuse'],
    ['http://localhost:4318', 'otlp'],
    ['http://phoenix.example.com', 'otlp'],
    ['https://cloud.langfuse.com', 'otlp'],
    ['http://host/otel', 'otlp'],
  ])('%s is %s', (url, dialect) => {
    expect(feedbackDialect({ url })).toBe(dialect)
    expect(feedbackDialect({ url, feedback: 'none' })).toBe('none')
  })
})

describe('feedback that is given to the store', () => {
  it('is an annotation in Phoenix, of a span or of the trace', async () => {
    const to = await target()
    const given = { headers: { authorization: 'Bearer key' }, compression: 'gzip' } as const
    const at = await collector([{ url: `${to.url}/base`, feedback: 'phoenix', ...given }])
    await give(at, { score: 0, label: 'wrong', comment: 'Billing.', source: 'human' })
    await give(at, { spanId: null, score: 0.5, source: 'model' })
    await expect.poll(() => to.arrived).toHaveLength(2)
    expect(to.arrived[0]).toMatchObject({
      method: 'POST',
      path: '/base/v1/span_annotations',
      headers: { authorization: 'Bearer key', 'content-type': 'application/json' },
    })
    expect(to.arrived[0]?.headers['content-encoding']).toBeUndefined()
    expect(jsonOf(to.arrived[0])).toEqual({
      data: [
        {
          span_id: step,
          name: 'accuracy',
          annotator_kind: 'HUMAN',
          result: { score: 0, label: 'wrong', explanation: 'Billing.' },
          identifier: 'me',
        },
      ],
    })
    expect(to.arrived[1]?.path).toBe('/base/v1/trace_annotations')
    expect(jsonOf(to.arrived[1])).toMatchObject({
      data: [{ trace_id: run, annotator_kind: 'LLM', result: { score: 0.5, label: null } }],
    })
  })

  it('is a score in Langfuse: numeric, else a category', async () => {
    const to = await target()
    const url = `${to.url.replace('//', '//pk:sk@')}/api/public/otel`
    const at = await collector([{ url, signals: ['traces'] }])
    const { id } = await give(at, { score: 0.25, label: 'poor', comment: 'Too long.' })
    await give(at, { spanId: null, label: 'wrong' })
    await give(at, { spanId: null, comment: 'Rude.', source: 'code' })
    await expect.poll(() => to.arrived).toHaveLength(3)
    expect(to.arrived[0]).toMatchObject({
      method: 'POST',
      path: '/api/public/scores',
      headers: { authorization: `Basic ${Buffer.from('pk:sk').toString('base64')}` },
    })
    expect(to.arrived.map(jsonOf)).toEqual([
      {
        id,
        traceId: run,
        observationId: step,
        name: 'accuracy',
        value: 0.25,
        dataType: 'NUMERIC',
        comment: 'Too long.',
        metadata: { source: 'human', identifier: 'me', label: 'poor' },
      },
      expect.objectContaining({ value: 'wrong', dataType: 'CATEGORICAL' }),
      expect.objectContaining({ value: 'comment', dataType: 'CATEGORICAL', comment: 'Rude.' }),
    ])
    expect(jsonOf(to.arrived[1])).not.toHaveProperty('observationId')
  })

  it.each(['as-sent', 'json', 'protobuf'] as const)(
    'is an evaluation result elsewhere, %s',
    async (encoding) => {
      const to = await target()
      const at = await collector([{ url: to.url, encoding, compression: 'gzip' }])
      const { createdAt, id, ...given } = await give(at, {
        score: 1,
        label: 'good',
        comment: 'Yes.',
      })
      await expect.poll(() => to.arrived).toHaveLength(1)
      const [arrived] = to.arrived
      expect(arrived).toMatchObject({ path: '/v1/logs', headers: { 'content-encoding': 'gzip' } })
      const sent = arrived?.headers['content-type'] === 'application/json' ? 'json' : 'protobuf'
      const { records } = decodeLogs(arrived?.body ?? Buffer.of(), sent)
      expect(records).toMatchObject([
        { name: 'gen_ai.evaluation.result', traceId: run, spanId: step },
      ])
      expect(rowsOfLogs(records).feedback).toMatchObject([given])
    },
  )

  it('is a span beside what it judges where a target takes traces only', async () => {
    const to = await target()
    const at = await collector([{ url: to.url, signals: ['traces'] }])
    await give(at, { score: 1 })
    await expect.poll(() => to.arrived).toHaveLength(1)
    const { spans } = decodeTraces(to.arrived[0]?.body ?? Buffer.of(), 'protobuf')
    expect(to.arrived[0]?.path).toBe('/v1/traces')
    expect(spans).toMatchObject([
      { traceId: run, parentSpanId: step, events: [{ name: 'gen_ai.evaluation.result' }] },
    ])
  })

  it('reaches another collector as the same feedback, and replaces it there as here', async () => {
    for (const signals of [['traces'], ['traces', 'logs']] as const) {
      const next = await collector([])
      const at = await collector([{ url: next.url, signals }])
      await give(at, { score: 0 })
      await give(at, { score: 1 })
      const scores = async () => (await next.store.feedback()).map(({ score }) => score)
      await expect.poll(scores, { timeout: 10_000 }).toEqual([1])
    }
  })

  it('is sent to nobody where the target wants none, and never twice where spans carry it', async () => {
    const to = await target()
    const at = await collector([
      { url: `${to.url}/none`, feedback: 'none' },
      { url: `${to.url}/api/public/otel` },
    ])
    const carrier = span({
      id: 'c',
      attributes: {
        'trace2.kind': 'feedback',
        'gen_ai.evaluation.name': 'a',
        'gen_ai.evaluation.score.value': 1,
      },
      links: [{ traceId: run, spanId: step }],
    })
    const headers = { 'content-type': 'application/x-protobuf' }
    const body = Buffer.from(encodeTraces([carrier]))
    await fetch(`${at.url}/v1/traces`, { method: 'POST', headers, body })
    await give(at, { score: 1 })
    await expect
      .poll(() => to.arrived.map(({ path }) => path).sort())
      .toEqual(['/api/public/otel/v1/traces', '/api/public/scores', '/none/v1/traces'])
    expect(at.stats().stored).toBe(1)
  })

  it('waits for a target that is down, over a restart, after the spans that came before', async () => {
    const down = await target()
    await down.close()
    const db = join(directory, 'outage.duckdb')
    const forward = [{ url: down.url, feedback: 'phoenix' }] as const
    const first = await collector(forward, db)
    const headers = { 'content-type': 'application/x-protobuf' }
    const body = Buffer.from(encodeTraces([span({ id: 'b' })]))
    await fetch(`${first.url}/v1/traces`, { method: 'POST', headers, body })
    await give(first, { score: 0 })
    await first.close()
    const up = await target([{ status: 503, headers: { 'retry-after': '0' } }], down.port)
    const again = await collector(forward, db)
    await expect
      .poll(() => up.arrived.map(({ path, status }) => `${status} ${path}`))
      .toEqual(['503 /v1/traces', '200 /v1/traces', '200 /v1/span_annotations'])
    expect(await again.store.feedback()).toHaveLength(1)
    await expect
      .poll(() => again.stats().forwarded)
      .toMatchObject([{ delivered: 2, feedback: 1, refused: 0 }])
    const metrics = await (await fetch(`${again.url}/metrics`)).text()
    expect(metrics).toMatch(/^trace2_forward_feedback_total\{target="[^"]+"\} 1$/m)
  })

  it('is kept with the answer where it is refused, and the next is sent', async () => {
    const to = await target([{ status: 404, body: 'no such span' }])
    const db = join(directory, 'refused.duckdb')
    const at = await collector([{ url: to.url, feedback: 'langfuse' }], db)
    await give(at, { score: 0 })
    await give(at, { score: 1 })
    await expect.poll(() => at.stats().forwarded).toMatchObject([{ refused: 1, feedback: 1 }])
    const files = readdirSync(`${db}.journal/refused`, { recursive: true }).map(String)
    expect(files.some((name) => name.endsWith('.feedback.json'))).toBe(true)
  })
})

const text = fc.string({ unit: 'binary', maxLength: 40 })
const anyFeedback: fc.Arbitrary<Feedback> = fc.record({
  id: fc.constant('f-1'),
  traceId: fc.constant(run),
  spanId: fc.constantFrom(null, step),
  name: text,
  score: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
  label: fc.option(text),
  comment: fc.option(text),
  source: fc.constantFrom('human', 'model', 'code'),
  identifier: text,
  createdAt: fc.constant('2026-01-02T03:04:05.000Z'),
})

it('whatever feedback says, each target gets it as it is', () => {
  fc.assert(
    fc.property(anyFeedback, (feedback) => {
      const entry = feedbackEntry(feedback)
      const bodyFor = (target: ForwardTarget) => feedbackRequest(target, entry).body
      const said = (body: Uint8Array): unknown => JSON.parse(Buffer.from(body).toString())
      const { name, score, label, comment, identifier } = feedback
      // JSON has one zero.
      const number = score === null ? null : score + 0
      expect(said(bodyFor({ url: 'http://h:6006' }))).toMatchObject({
        data: [{ name, identifier, result: { score: number, label, explanation: comment } }],
      })
      expect(said(bodyFor({ url: 'http://h/api/public/otel' }))).toMatchObject({
        name,
        value: number ?? label ?? 'comment',
        ...(comment !== null && { comment }),
      })
      const { records } = decodeLogs(bodyFor({ url: 'http://h' }), 'json')
      expect(records[0]?.attributes.get('gen_ai.evaluation.name')).toBe(name)
    }),
  )
})

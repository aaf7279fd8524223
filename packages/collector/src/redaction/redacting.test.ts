import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { valueHash } from '@trace2/core'
import { openStore } from '@trace2/store'
import type { SpanRecord } from '@trace2/store/otlp'
import { encodeTraces } from '@trace2/store/otlp'
import { expect, it, vi } from 'vitest'
import { span, spanId, traceId } from '../../../store/src/testing/spans.ts'
import { temporaryDirectory } from '../../../store/src/testing/temporary.ts'
import { startCollector } from '../collector.ts'

const directory = temporaryDirectory()
const secret = 'bob@customer.example'
const redaction = {
  key: 'a-key-that-nobody-knows',
  rules: [
    { name: 'email', preset: 'email' as const },
    { name: 'internal', keys: ['internal_note'] },
  ],
}

/** Stores spans sent over a socket through a collector with the rules, and gives it and all bytes it left on disk. */
async function collect(name: string, spans: readonly SpanRecord[]) {
  const db = join(directory, `${name}.duckdb`)
  const collector = await startCollector({ db, port: 0, redaction })
  const response = await fetch(`${collector.url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: Buffer.from(encodeTraces(spans)),
  })
  expect(response.status).toBe(200)
  // On a busy machine a read does not wait as long as storing takes.
  await vi.waitFor(() => expect(collector.stats().stored).toBe(spans.length), { timeout: 30_000 })
  return { db, collector }
}

const op = (id: string, attributes: SpanSketchAttributes, parent?: string) =>
  span({
    id,
    ...(parent ? { parent } : {}),
    attributes: { 'trace2.kind': 'op', 'trace2.op': id, ...attributes },
  })
type SpanSketchAttributes = NonNullable<Parameters<typeof span>[0]['attributes']>

const evaluation = (explanation: string) => ({
  timeUnixNano: '1790000000000000000',
  eventName: 'gen_ai.evaluation.result',
  traceId: traceId('a'),
  spanId: spanId('1'),
  attributes: [
    { key: 'gen_ai.evaluation.name', value: { stringValue: 'care' } },
    { key: 'gen_ai.evaluation.score.value', value: { doubleValue: 0.5 } },
    { key: 'gen_ai.evaluation.explanation', value: { stringValue: explanation } },
  ],
})

it('lets nothing of what the rules name reach the disk or a reader', async () => {
  const { db, collector } = await collect('disk', [
    {
      ...span({ id: '1', name: `mail to ${secret}`, error: `no such user ${secret}` }),
      traceState: `user=${secret}`,
      events: [
        {
          timeNs: 1n,
          name: secret,
          attributes: new Map([['of', secret]]),
          droppedAttributesCount: 0,
        },
      ],
      links: [
        {
          traceId: traceId('b'),
          spanId: spanId('1'),
          traceState: `user=${secret}`,
          flags: 0,
          attributes: new Map([['of', secret]]),
          droppedAttributesCount: 0,
        },
      ],
      resource: {
        attributes: new Map([['owner', secret]]),
        schemaUrl: `https://schemas.test/${secret}`,
      },
      scope: {
        name: `for ${secret}`,
        version: secret,
        attributes: new Map([['of', secret]]),
        schemaUrl: `https://schemas.test/${secret}`,
      },
    },
    op('2', {
      'input.value': JSON.stringify({ ticket: { from: secret, internal_note: 'rude' } }),
      'output.value': `Dear ${secret}`,
      'trace2.inputs': [`ticket=span:${traceId('a')}:${spanId('1')}#/users/${secret}!identity`],
    }),
  ])
  await collector.store.addFeedback({
    traceId: traceId('a'),
    spanId: null,
    name: 'tone',
    comment: `${secret} was angry`,
  })
  const logged = await fetch(`${collector.url}/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      resourceLogs: [{ scopeLogs: [{ logRecords: [evaluation(`${secret} was ignored`)] }] }],
    }),
  })
  expect(logged.status).toBe(200)
  const client = await openStore(collector.url)
  await client.writeSpans([span({ id: '3', attributes: { note: secret } })])
  const { rows } = await collector.store.sql('SELECT * FROM v_span, v_feedback')
  expect(rows).toHaveLength(6)
  expect(JSON.stringify(rows)).toContain('was ignored')
  expect(JSON.stringify(rows)).not.toMatch(/customer\.example|rude/)
  const journal = readFileSync(join(`${db}.journal`, 'data.mdb'))
  expect(journal.includes(secret)).toBe(false)
  expect(journal.includes('[redacted:email:')).toBe(true)
  await collector.close()
  expect(readFileSync(db).includes(secret)).toBe(false)
})

it('keeps the edges: a value found again by its content is still found', async () => {
  const { collector } = await collect('edges', [
    op('1', { 'output.value': `Write to ${secret}`, 'output.mime_type': 'text/plain' }),
    op('2', { 'input.value': JSON.stringify({ text: `Write to ${secret}` }) }),
    op('3', {
      'input.value': JSON.stringify({ who: { mail: secret } }),
      'trace2.inputs': [`who=value:${valueHash({ mail: secret })}`],
    }),
    op('4', { 'input.value': JSON.stringify({ whom: { mail: secret } }) }),
  ])
  const { edges, nodes } = await collector.store.graph(traceId('a'))
  expect(edges).toContainEqual(
    expect.objectContaining({
      from: `span:${traceId('a')}:${spanId('1')}`,
      to: `span:${traceId('a')}:${spanId('2')}`,
      how: 'hash',
    }),
  )
  expect(nodes.filter((node) => node.kind === 'input')).toHaveLength(1)
  await collector.close()
})

it('keeps hashes of withheld values joinable, and tells nobody what they are hashes of', async () => {
  const hash = valueHash(`a long text about ${secret}`)
  const { collector } = await collect('withheld', [
    op('1', { 'trace2.output.hash': hash }),
    op('2', { 'trace2.input.hash.text': hash }),
  ])
  const { edges } = await collector.store.graph(traceId('a'))
  expect(edges).toContainEqual(expect.objectContaining({ how: 'hash' }))
  const { rows } = await collector.store.sql('SELECT attributes FROM v_span')
  expect(JSON.stringify(rows)).not.toContain(hash)
  await collector.close()
})

it('leaves parameters as they are, and closes one that a rule has made holes in', async () => {
  const { collector } = await collect('parameters', [
    op('1', {
      'trace2.param.value.prompt': JSON.stringify(`Send it to ${secret}.`),
      'trace2.param.version.prompt': 'aaaaaaaaaaaaaaaa',
      'trace2.param.trainable.prompt': true,
      'trace2.param.value.internal_note': '"be nice"',
      'trace2.param.version.internal_note': 'bbbbbbbbbbbbbbbb',
      'trace2.param.trainable.internal_note': true,
      'trace2.param.value.internal_note@cccccccccccccccc': '"be curt"',
      'trace2.param.version.internal_note@cccccccccccccccc': 'cccccccccccccccc',
      'trace2.param.trainable.internal_note@cccccccccccccccc': true,
    }),
  ])
  const parameters = await collector.store.parameters()
  expect(parameters.find(({ name }) => name === 'prompt')).toMatchObject({
    value: `Send it to ${secret}.`,
    trainable: true,
  })
  expect(parameters.find(({ name }) => name === 'internal_note')).toMatchObject({
    value: expect.stringMatching(/^\[redacted:internal:/),
    trainable: false,
  })
  const versions = await collector.store.sql(
    "SELECT version, value, trainable FROM v_parameter_version WHERE name = 'internal_note' ORDER BY ALL",
  )
  expect(versions.rows).toEqual([
    ['bbbbbbbbbbbbbbbb', expect.stringContaining('[redacted:internal:'), false],
    ['cccccccccccccccc', expect.stringContaining('[redacted:internal:'), false],
  ])
  await collector.close()
})

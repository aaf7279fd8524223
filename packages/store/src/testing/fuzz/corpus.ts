import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { OtlpEncoding, Signal } from '../../otlp/decode.ts'
import { encodeTraces } from '../../otlp/encode-protobuf.ts'
import { transcode } from '../../otlp/transcode/transcode.ts'
import { logsOf, runIn, spellings } from '../dialect-runs/index.ts'
import { span, spanId, traceId } from '../spans.ts'

/** One request that the fuzzer starts from. */
export interface Seed {
  readonly name: string
  readonly signal: Signal
  readonly encoding: OtlpEncoding
  readonly body: Buffer
}

/** Requests as text, one file each: JSON as it is, protobuf in base64. `found-…` are those that once failed. */
export const corpusDirectory = fileURLToPath(new URL('corpus', import.meta.url))

export function readCorpus(): Seed[] {
  return readdirSync(corpusDirectory)
    .sort()
    .map((name) => {
      const [, signal = '', encoding = ''] = name.split('.')
      if (signal !== 'traces' && signal !== 'logs') throw new Error(`${name} is of no signal.`)
      if (encoding !== 'protobuf' && encoding !== 'json')
        throw new Error(`${name} has no encoding.`)
      const text = readFileSync(join(corpusDirectory, name), 'utf8')
      const body = encoding === 'json' ? Buffer.from(text) : Buffer.from(text, 'base64')
      return { name, signal, encoding, body }
    })
}

/** The files that are made: one run in each dialect, and values of every kind, as traces and as logs. */
export function madeCorpus(): { readonly name: string; readonly text: string }[] {
  const traces = [
    ...Object.entries(spellings).map(([dialect, spelling]) => [dialect, runIn(spelling)] as const),
    ['values', [everyValue]] as const,
  ].map(([name, spans]) => [name, 'traces', Buffer.from(encodeTraces(spans))] as const)
  const logs = Object.entries(spellings)
    .filter(([, spelling]) => logsOf(spelling).length > 0)
    .map(([name, spelling]) => [name, 'logs', logRequest(logsOf(spelling))] as const)
  return [
    ...traces.flatMap(([name, signal, body]) => [
      { name: `${name}.${signal}.protobuf.otlp`, text: body.toString('base64') },
      { name: `${name}.${signal}.json.otlp`, text: other(signal, 'protobuf', body).toString() },
    ]),
    ...logs.flatMap(([name, signal, body]) => [
      { name: `${name}.${signal}.json.otlp`, text: body.toString() },
      {
        name: `${name}.${signal}.protobuf.otlp`,
        text: other(signal, 'json', body).toString('base64'),
      },
    ]),
  ]
}

const everyValue = span({
  id: 'e',
  parent: 'd',
  error: 'it failed',
  links: [{ traceId: traceId('b'), spanId: spanId('c') }],
  events: [{ name: 'event', attributes: { list: [1n, 'two', [3.5]] } }],
  attributes: {
    text: 'a text',
    number: 1.5,
    whole: -(2n ** 63n),
    yes: true,
    nothing: null,
    bytes: Uint8Array.of(0, 255),
    map: new Map([['inner', new Map([['deep', [null, false]]])]]),
    'trace2.inputs': ['question=value:0123', 'answer=span:x'],
  },
})

function logRequest(logs: ReturnType<typeof logsOf>): Buffer {
  const logRecords = logs.map(({ spanId: about, name, body }) => ({
    traceId: traceId('a'),
    spanId: about,
    timeUnixNano: '1790000000000000000',
    eventName: name,
    body: {
      stringValue: JSON.stringify(body, (_, value) => (value instanceof Map ? [...value] : value)),
    },
    attributes: [{ key: 'event.name', value: { stringValue: name } }],
  }))
  return Buffer.from(JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }))
}

function other(signal: Signal, encoding: OtlpEncoding, body: Buffer): Buffer {
  const to = encoding === 'json' ? 'protobuf' : 'json'
  return Buffer.from(transcode(signal, body, encoding, to).body)
}

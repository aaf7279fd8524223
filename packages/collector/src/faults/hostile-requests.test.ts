import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip as zip } from 'node:zlib'
import { TIME_END_NS } from '@trace2/store/otlp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../../../store/src/testing/temporary.ts'
import {
  type Encoding,
  field,
  fixed64,
  goodSpanId,
  goodTraceId,
  repeated,
  request,
  type Signal,
  shapes,
} from '../../../store/src/testing/wire.ts'
import {
  type ChildCollector,
  FULL_LENGTH,
  startChildCollector,
} from '../testing/child-collector.ts'

const directory = temporaryDirectory()
const gzip = promisify(zip)
const LIMIT = 64 * 1024 * 1024
/** What four requests of 64 MiB at once may take on the way, and what all of them may leave behind, in MB. */
const PEAK = 2500
const REMAINS = 1500

let collector: ChildCollector
let before: number
let peak = 0
let watching: NodeJS.Timeout

beforeAll(async () => {
  collector = await startChildCollector({ db: join(directory, 'hostile.duckdb') })
  for (const signal of signals) for (const encoding of encodings) await good(signal, encoding)
  before = collector.rss()
  watching = setInterval(() => {
    peak = Math.max(peak, collector.rss())
  }, 100)
}, 120_000)
afterAll(async () => {
  clearInterval(watching)
  await collector.stop()
})

const signals = ['traces', 'logs'] as const
const encodings = ['protobuf', 'json'] as const
const types = { protobuf: 'application/x-protobuf', json: 'application/json' }

async function post(signal: Signal, encoding: Encoding, body: Buffer<ArrayBuffer>, packed = false) {
  const response = await fetch(collector.url + shapes[signal].path, {
    method: 'POST',
    headers: { 'content-type': types[encoding], ...(packed && { 'content-encoding': 'gzip' }) },
    body,
  })
  return { status: response.status, answer: await response.text() }
}

const record = (signal: Signal, encoding: Encoding) =>
  encoding === 'json' ? `{${shapes[signal].json.ids}}` : shapes[signal].protobuf.ids

async function good(signal: Signal, encoding: Encoding): Promise<void> {
  const { status } = await post(
    signal,
    encoding,
    request(signal, encoding, record(signal, encoding)),
  )
  expect(status).toBe(200)
}

type Make = (signal: Signal) => Buffer

const inRecord = (signal: Signal, ...fields: Buffer[]) =>
  request(signal, 'protobuf', Buffer.concat([shapes[signal].protobuf.ids, ...fields]))
const attribute = (signal: Signal, value: Buffer) =>
  inRecord(signal, field(shapes[signal].protobuf.attributes, field(1, 'k'), field(2, value)))
const jsonRecord = (signal: Signal, rest: string) =>
  request(signal, 'json', `{${shapes[signal].json.ids},${rest}}`)
const ROOM = LIMIT - 1000

/** Values in values, innermost first. */
function nested(levels: number): Buffer {
  let value = Buffer.alloc(0)
  for (let level = 0; level < levels; level++) value = field(5, field(1, value))
  return value
}
const nestedJson = (levels: number) =>
  '{"arrayValue":{"values":['.repeat(levels) + ']}}'.repeat(levels)

const bombs: Record<Encoding, Record<string, readonly [Make, number]>> = {
  protobuf: {
    'empty records': [() => field(1, field(2, repeated(Buffer.of(0x12, 0), ROOM))), 413],
    'empty events': [(signal) => inRecord(signal, repeated(Buffer.of(0x5a, 0), ROOM)), 413],
    'empty links': [(signal) => inRecord(signal, repeated(Buffer.of(0x6a, 0), ROOM)), 413],
    'empty attributes': [
      (s) =>
        inRecord(s, repeated(Buffer.from([(shapes[s].protobuf.attributes << 3) | 2, 0]), ROOM)),
      200,
    ],
    'a list of nothing': [(s) => attribute(s, field(5, repeated(Buffer.of(0x0a, 0), ROOM))), 200],
    'empty resources': [() => repeated(Buffer.of(0x0a, 0), ROOM), 413],
    'empty scopes': [() => field(1, repeated(Buffer.of(0x12, 0), ROOM)), 413],
    'groups in groups': [() => repeated(Buffer.of(0x0b), ROOM), 400],
    '10,000 levels': [(signal) => attribute(signal, nested(10_000)), 200],
    'a million attributes': [
      (signal) => {
        const key = shapes[signal].protobuf.attributes
        const one = (_: unknown, i: number) =>
          field(key, field(1, `k${i}`), field(2, Buffer.of(0x18, 1)))
        return inRecord(signal, Buffer.concat(Array.from({ length: 1_000_000 }, one)))
      },
      200,
    ],
    zeros: [() => Buffer.alloc(ROOM), 400],
  },
  json: {
    'nothing but brackets': [() => repeated('[', ROOM), 413],
    'objects in objects': [() => repeated('{"a":', ROOM), 413],
    'empty records': [(signal) => request(signal, 'json', `${repeated('{},', ROOM)}{}`), 413],
    'empty events': [(s) => jsonRecord(s, `"events":[${repeated('{},', ROOM)}{}]`), 413],
    'a list of numbers': [() => Buffer.from(`{"a":[${repeated('1,', ROOM)}1]}`), 413],
    '10,000 levels': [
      (s) => jsonRecord(s, `"attributes":[{"key":"k","value":${nestedJson(10_000)}}]`),
      200,
    ],
    '10,000 levels of what nobody knows': [
      (s) => jsonRecord(s, `"what":${'['.repeat(10_000)}${']'.repeat(10_000)}`),
      200,
    ],
    'a million attributes': [
      (signal) => {
        const one = (_: unknown, i: number) => `{"key":"k${i}","value":{"intValue":"${i}"}}`
        return jsonRecord(signal, `"attributes":[${Array.from({ length: 1_000_000 }, one)}]`)
      },
      200,
    ],
    'one long text': [
      (s) =>
        jsonRecord(
          s,
          `"attributes":[{"key":"k","value":{"stringValue":"${repeated('x', ROOM - 1000)}"}}]`,
        ),
      200,
    ],
  },
}

/** Those that once ended the process, or held it up for a minute, and what the issue names. */
const worst = new Set([
  'empty events',
  'nothing but brackets',
  '10,000 levels',
  'a million attributes',
])

const matrix = signals.flatMap((signal) => encodings.map((encoding) => ({ signal, encoding })))
const cases = matrix
  .flatMap(({ signal, encoding }) =>
    Object.entries(bombs[encoding]).map(
      ([name, [make, status]]) => [name, signal, encoding, make, status] as const,
    ),
  )
  // Most cost seconds. Logs go through the same walker as traces.
  // A log record has no events and no links: there they are fields that nobody knows.
  .filter(([name, signal]) => signal === 'traces' || !/events|links/.test(name))
  .filter(([name, signal]) => FULL_LENGTH || (signal === 'traces' && worst.has(name)))

describe('a body of up to 64 MiB, packed', () => {
  it.each(cases)(
    'of %s is answered: %s in %s',
    { timeout: 300_000 },
    async (_name, signal, encoding, make, status) => {
      const found = await post(signal, encoding, await gzip(make(signal)), true)
      expect(found).toMatchObject({ status })
      await good(signal, encoding)
    },
  )
})

describe.each(FULL_LENGTH ? matrix : matrix.slice(0, 1))(
  '$signal in $encoding',
  ({ signal, encoding }) => {
    /** A request of so many bytes in which nothing is known. */
    /** A request with nothing in it, but for its end. */
    const whole = signal === 'traces' ? '{"resourceSpans":[]' : '{"resourceLogs":[]'
    const padded = (bytes: number) =>
      encoding === 'json'
        ? Buffer.from(`${whole},"what":"${'x'.repeat(bytes - whole.length - 11)}"}`)
        : Buffer.concat([field(1, Buffer.alloc(0)), field(15, Buffer.alloc(bytes - 7))])

    it('may have a body of exactly 64 MiB and no byte more, packed or not', {
      timeout: 300_000,
    }, async () => {
      for (const packed of [false, true]) {
        for (const [bytes, status] of [
          [LIMIT, 200],
          [LIMIT + 1, 413],
        ] as const) {
          const body = padded(bytes)
          expect(body.byteLength).toBe(bytes)
          const sent = packed ? await gzip(body) : body
          expect(await post(signal, encoding, sent, packed)).toMatchObject({ status })
        }
      }
      await good(signal, encoding)
    })

    it('may be sent by more at once than there is room for: these try again', {
      timeout: 300_000,
    }, async () => {
      const body = padded(LIMIT)
      const answers = await Promise.all(
        Array.from({ length: 6 }, () => post(signal, encoding, body)),
      )
      const statuses = answers.map(({ status }) => status)
      expect(statuses).toContain(200)
      expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([])
      await good(signal, encoding)
    })
  },
)

describe('strange content', { timeout: 180_000 }, () => {
  const text = (value: string) => field(1, value)
  /** What is stored of a span that was taken: behind large requests it may take its time. */
  const attributesOf = async (id: string) => {
    const query = `SELECT attributes, start_ns, end_ns FROM v_span WHERE span_id = '${id}'`
    let found: unknown[][] = []
    const look = async () => {
      const { rows } = (await collector.call('sql', query)) as { rows: unknown[][] }
      found = rows
      return rows.length
    }
    await expect.poll(look, { timeout: 120_000 }).toBeGreaterThan(0)
    return found
  }
  let ids = 0
  const nextId = () => (++ids).toString(16).padStart(16, 'c')

  it.each(encodings)('is stored as well as text can be, in %s', async (encoding) => {
    const id = nextId()
    const values: Record<string, string> = {
      nul: 'a\u0000b',
      __proto__x: 'own',
      ['very long key '.repeat(500)]: 'v',
    }
    const entries = [...Object.entries(values), ['__proto__', 'polluted'], ['constructor', 'c']]
    const span =
      encoding === 'json'
        ? JSON.stringify({
            traceId: goodTraceId,
            spanId: id,
            attributes: [
              ...entries.map(([key, stringValue]) => ({ key, value: { stringValue } })),
              { key: 'lone', value: { stringValue: '\ud800' } },
            ],
          })
        : Buffer.concat([
            field(1, Buffer.from(goodTraceId, 'hex')),
            field(2, Buffer.from(id, 'hex')),
            ...entries.map(([key = '', value = '']) =>
              field(9, field(1, key), field(2, text(value))),
            ),
            field(9, field(1, 'lone'), field(2, field(1, Buffer.of(0xed, 0xa0, 0x80)))),
            field(9, field(1, 'invalid'), field(2, field(1, Buffer.of(0x61, 0xff, 0xfe, 0x62)))),
          ])
    expect(await post('traces', encoding, request('traces', encoding, span))).toMatchObject({
      status: 200,
    })
    const [[stored] = []] = await attributesOf(id)
    const attributes: Record<string, unknown> = JSON.parse(String(stored))
    expect(Object.keys(attributes)).toContain('__proto__')
    expect(attributes).toMatchObject({ nul: 'a\u0000b', constructor: 'c', __proto__x: 'own' })
    expect(String(attributes.lone)).toMatch(/^\ufffd+$/)
    if (encoding === 'protobuf') expect(attributes.invalid).toMatch(/^a\ufffd+b$/)
  })

  it.each(encodings)(
    'costs a span with ids that are none, and no other, in %s',
    async (encoding) => {
      const id = nextId()
      const broken = ['', '00'.repeat(8), 'ab', 'ff'.repeat(9), '00'.repeat(16)]
      const span = (trace: string, spanId: string) =>
        encoding === 'json'
          ? JSON.stringify({ traceId: trace, spanId })
          : Buffer.concat([
              field(1, Buffer.from(trace, 'hex')),
              field(2, Buffer.from(spanId, 'hex')),
            ])
      const body = request(
        'traces',
        encoding,
        ...broken.map((spanId) => span(goodTraceId, spanId)),
        span(goodTraceId, id),
        ...broken.map((trace) => span(trace, goodSpanId)),
      )
      const { status, answer } = await post('traces', encoding, body)
      expect(status).toBe(200)
      if (encoding === 'json') {
        expect(JSON.parse(answer)).toMatchObject({ partialSuccess: { rejectedSpans: '10' } })
      } else expect(answer).toContain('spanId')
      expect(await attributesOf(id)).toHaveLength(1)
    },
  )

  it.each(encodings)(
    'is stored with times that can be shown, and refused with others, in %s',
    async (encoding) => {
      const times = [0n, 1n, -1n, 2n ** 63n, 2n ** 64n - 1n]
      for (const start of times) {
        const id = nextId()
        const end = -start
        const span =
          encoding === 'json'
            ? `{"traceId":"${goodTraceId}","spanId":"${id}","startTimeUnixNano":"${start}","endTimeUnixNano":${end}}`
            : Buffer.concat([
                field(1, Buffer.from(goodTraceId, 'hex')),
                field(2, Buffer.from(id, 'hex')),
                fixed64(7, start),
                fixed64(8, end),
              ])
        // JSON has signs, and what is below zero is no time there; protobuf has none.
        const isTime = (ns: bigint) => {
          const read = encoding === 'json' ? ns : BigInt.asUintN(64, ns)
          return read >= 0n && read < TIME_END_NS
        }
        const isShown = isTime(start) && isTime(end)
        const { status, answer } = await post('traces', encoding, request('traces', encoding, span))
        expect(status).toBe(200)
        if (isShown) expect(await attributesOf(id)).toHaveLength(1)
        else expect(answer).toContain('UnixNano')
      }
      expect(await collector.call('runs', {})).toMatchObject([{ traceId: goodTraceId }])
      expect(await collector.call('graph', goodTraceId)).toMatchObject({ nodes: expect.any(Array) })
    },
  )
})

it('has taken no more memory than it should, and given it back', { timeout: 180_000 }, async () => {
  await expect.poll(() => collector.rss() - before, { timeout: 120_000 }).toBeLessThan(REMAINS)
  expect(peak - before).toBeLessThan(PEAK)
  if (!FULL_LENGTH) return
  const [from, most, now] = [before, peak, collector.rss()].map((mb) => mb.toFixed())
  console.log(`memory of its own: ${from} MB before, ${most} MB at most, ${now} MB afterwards`)
})

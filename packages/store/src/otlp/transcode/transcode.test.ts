import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { span } from '../../testing/spans.ts'
import { decodeTraces, type OtlpEncoding, type Signal } from '../decode.ts'
import { encodeTraces } from '../encode-protobuf.ts'
import { type Field, type FieldType, isMessage, type MessageName, messages } from './schema.ts'
import { splitRequest } from './split.ts'
import { transcode } from './transcode.ts'

const bytesOf = (value: unknown) => Buffer.from(JSON.stringify(value))
const jsonOf = (body: Uint8Array): unknown => JSON.parse(Buffer.from(body).toString())

/** Any message of the schema, as OTLP's JSON has it. */
function anyMessage(name: MessageName, depth = 0): fc.Arbitrary<object> {
  const fields = messages[name]
  // Of AnyValue's members there is one, or none.
  if (name === 'AnyValue') {
    const plain = depth < 3 ? fields : fields.filter(({ type }) => !isMessage(type))
    const members = plain.map((field) => fc.record({ [field.name]: anyField(field, depth) }))
    return fc.oneof(fc.constant({}), ...members)
  }
  const members = fields.map((field) => [field.name, anyField(field, depth)])
  return fc.record(Object.fromEntries(members), { requiredKeys: [] })
}

function anyField({ type, repeated }: Field, depth: number): fc.Arbitrary<unknown> {
  const one = isMessage(type) ? anyMessage(type, depth + 1) : scalars[type]
  // A list without items is not on the wire of protobuf.
  return repeated ? fc.array(one, { minLength: 1, maxLength: 3 }) : one
}

const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((id) => Buffer.from(id).toString('hex'))
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff })

const scalars: Readonly<Record<Exclude<FieldType, MessageName>, fc.Arbitrary<unknown>>> = {
  text: fc.string({ unit: 'grapheme' }),
  bool: fc.boolean(),
  uint32,
  enum: fc.integer({ min: 0, max: 0x7fff_ffff }),
  fixed32: uint32,
  fixed64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
  int64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  double: fc
    .double()
    .map((double) => (Object.is(double, -0) ? '-0' : double))
    .map((double) => (Number.isFinite(double) || double === '-0' ? double : String(double))),
  bytes: fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64')),
  id: hex(8),
}

const requests = { traces: 'TracesRequest', logs: 'LogsRequest' } as const

describe.each(['traces', 'logs'] as const)('a request of %s', (signal) => {
  it('comes back the same from the other encoding, whatever is in it', () => {
    fc.assert(
      fc.property(anyMessage(requests[signal]), (request) => {
        const { body, lost } = transcode(signal, bytesOf(request), 'json', 'protobuf')
        const back = transcode(signal, body, 'protobuf', 'json')
        expect([lost, back.lost]).toEqual([0, 0])
        expect(jsonOf(back.body)).toEqual(request)
      }),
      { numRuns: 300 },
    )
  })

  it.each(['json', 'protobuf'] as const)('falls into two halves in %s, and so on', (encoding) => {
    const [outer, middle, inner] =
      signal === 'traces'
        ? ['resourceSpans', 'scopeSpans', 'spans']
        : ['resourceLogs', 'scopeLogs', 'logRecords']
    const record = (n: number) => ({ spanId: `00000000000000${String(n).padStart(2, '0')}` })
    const scoped = (...ns: number[]) => ({ schemaUrl: 'scope', [inner]: ns.map(record) })
    const request = {
      [outer]: [
        { schemaUrl: 'resource', [middle]: [scoped(1, 2, 3), scoped(4)] },
        { [middle]: [scoped(), scoped(5)] },
      ],
    }
    const { body } = transcode(signal, bytesOf(request), 'json', encoding)
    const parts = atoms(signal, encoding, body)
    const single = ([n, url]: [number, string | undefined]) => ({
      [outer]: [{ ...(url && { schemaUrl: url }), [middle]: [scoped(n)] }],
    })
    const held = parts.map((part) => jsonOf(transcode(signal, part, encoding, 'json').body))
    expect(held).toMatchObject(
      [1, 2, 3, 4]
        .map((n) => single([n, 'resource']))
        .concat([{ [outer]: [{}] }, single([5, undefined])]),
    )
  })
})

/** Split until nothing can be split any more. */
function atoms(signal: Signal, encoding: OtlpEncoding, body: Uint8Array): Uint8Array[] {
  const halves = splitRequest(signal, encoding, body)
  return halves ? halves.flatMap((half) => atoms(signal, encoding, half)) : [body]
}

const spanWith = (members: object) => ({
  resourceSpans: [{ scopeSpans: [{ spans: [{ spanId: '0000000000000001', ...members }] }] }],
})
const valueWith = (value: object) => spanWith({ attributes: [{ key: 'k', value }] })

describe('transcoding', () => {
  it.each([
    ['snake_case names', spanWith({ start_time_unix_nano: 5 }), { startTimeUnixNano: '5' }],
    ['names of enumerations', spanWith({ kind: 'SPAN_KIND_SERVER' }), { kind: 2 }],
    ['members that are null', spanWith({ name: null, kind: 1 }), { kind: 1 }],
  ])('understands %s', (_what, request, expected) => {
    const { body, lost } = transcode('traces', bytesOf(request), 'json', 'protobuf')
    expect(lost).toBe(0)
    const back = jsonOf(transcode('traces', body, 'protobuf', 'json').body)
    expect(back).toEqual(spanWith(expected))
  })

  it.each([
    [{ doubleValue: null }, { doubleValue: 'NaN' }],
    [{ intValue: 1e21 }, { doubleValue: 1e21 }],
    [{ intValue: 7 }, { intValue: '7' }],
    [{ stringValue: 'a\ud800' }, { stringValue: 'a\ufffd' }],
  ])('writes %j of the stock exporter as protobuf can have it', (value, expected) => {
    const { body } = transcode('traces', bytesOf(valueWith(value)), 'json', 'protobuf')
    expect(jsonOf(transcode('traces', body, 'protobuf', 'json').body)).toEqual(valueWith(expected))
  })

  it('keeps repeated keys, order, and records that no receiver would take', () => {
    const attributes = ['b', 'a', 'b'].map((key) => ({ key, value: { stringValue: key } }))
    const request = spanWith({ traceId: '', spanId: 'abcd', attributes })
    const { body, lost } = transcode('traces', bytesOf(request), 'json', 'protobuf')
    expect(lost).toBe(0)
    expect(jsonOf(transcode('traces', body, 'protobuf', 'json').body)).toEqual(request)
  })

  it('counts what the other encoding cannot carry', () => {
    const odd = spanWith({ future: 1, name: 7, spanId: 'no hex', attributes: 'none', kind: 1 })
    const { body, lost } = transcode('traces', bytesOf(odd), 'json', 'protobuf')
    expect(lost).toBe(4)
    expect(jsonOf(transcode('traces', body, 'protobuf', 'json').body)).toEqual({
      resourceSpans: [{ scopeSpans: [{ spans: [{ kind: 1 }] }] }],
    })
    // Field 99 of the request, a varint.
    const unknown = Buffer.concat([body, Buffer.of(0x98, 0x06, 0x01)])
    expect(transcode('traces', unknown, 'protobuf', 'json').lost).toBe(1)
  })

  it('carries what follows a damaged field', () => {
    const bytes = Buffer.from(encodeTraces([span({ id: '1', attributes: { key: 'text' } })]))
    // The length of the attribute's text, longer than the attribute.
    bytes[bytes.indexOf('text') - 1] = 99
    const { body, lost } = transcode('traces', bytes, 'protobuf', 'json')
    expect(lost).toBe(1)
    expect(decodeTraces(body, 'json').spans).toMatchObject([{ spanId: span({ id: '1' }).spanId }])
  })

  it('refuses what would take a multiple of its size in memory', () => {
    const body = Buffer.alloc(5_000_000)
    // A ResourceSpans of nothing, again and again.
    for (let i = 0; i < body.length; i += 2) body[i] = 0x0a
    expect(() => transcode('traces', body, 'protobuf', 'json')).toThrow(
      expect.objectContaining({ code: 'T2_OTLP_TOO_MANY' }),
    )
  })

  it.each(['json', 'protobuf'] as const)('survives values nested without end in %s', (encoding) => {
    const levels = 5000
    const deep = `${'{"arrayValue":{"values":['.repeat(levels)}{}${']}}'.repeat(levels)}`
    const request = JSON.stringify(valueWith({})).replace('"value":{}', `"value":${deep}`)
    let body: Uint8Array = Buffer.from(request)
    if (encoding === 'protobuf') body = nested(levels)
    const other = encoding === 'json' ? 'protobuf' : 'json'
    expect(transcode('traces', body, encoding, other).lost).toBe(1)
  })
})

/** A span with an attribute of so many lists within lists, in protobuf. */
function nested(levels: number): Uint8Array {
  const embed = (number: number, content: Buffer) => {
    const length: number[] = []
    for (let rest = content.byteLength; ; rest >>>= 7) {
      length.push(rest > 127 ? (rest & 127) | 128 : rest)
      if (rest <= 127) break
    }
    return Buffer.concat([Buffer.of((number << 3) | 2, ...length), content])
  }
  let value = Buffer.alloc(0)
  for (let i = 0; i < levels; i++) value = embed(5, embed(1, value))
  return [9, 2, 2, 1].reduce((inner, number) => embed(number, inner), embed(2, value))
}

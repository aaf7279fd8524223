// OTLP as a hostile sender would write it: by hand, whatever the schema says.

export type Encoding = 'protobuf' | 'json'
export type Signal = 'traces' | 'logs'

export function varint(value: number): Buffer<ArrayBuffer> {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest])
    bytes.push((rest % 128) | 128)
  }
}

/** A length-delimited field. */
export function field(
  number: number,
  ...content: readonly (Buffer | string)[]
): Buffer<ArrayBuffer> {
  const bytes = Buffer.concat(content.map((part) => Buffer.from(part)))
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.byteLength), bytes])
}

/** A field of eight bytes. */
export function fixed64(number: number, value: bigint): Buffer<ArrayBuffer> {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value))
  return Buffer.concat([varint((number << 3) | 1), bytes])
}

/** So many bytes of a pattern over and over, whole patterns only. */
export function repeated(pattern: string | Buffer, bytes: number): Buffer<ArrayBuffer> {
  const one = Buffer.from(pattern)
  return Buffer.alloc(bytes - (bytes % one.byteLength), one)
}

export const goodTraceId = '0af7651916cd43dd8448eb211c80319c'
export const goodSpanId = 'b7ad6b7169203331'

interface SignalShape {
  readonly path: string
  readonly json: { readonly open: string; readonly close: string; readonly ids: string }
  readonly protobuf: { readonly ids: Buffer; readonly attributes: number }
}

const ids = `"traceId":"${goodTraceId}","spanId":"${goodSpanId}"`
const binary = (hex: string) => Buffer.from(hex, 'hex')

export const shapes: Readonly<Record<Signal, SignalShape>> = {
  traces: {
    path: '/v1/traces',
    json: { open: '{"resourceSpans":[{"scopeSpans":[{"spans":[', close: ']}]}]}', ids },
    protobuf: {
      ids: Buffer.concat([field(1, binary(goodTraceId)), field(2, binary(goodSpanId))]),
      attributes: 9,
    },
  },
  logs: {
    path: '/v1/logs',
    json: { open: '{"resourceLogs":[{"scopeLogs":[{"logRecords":[', close: ']}]}]}', ids },
    protobuf: {
      ids: Buffer.concat([field(9, binary(goodTraceId)), field(10, binary(goodSpanId))]),
      attributes: 6,
    },
  },
}

/** A request of records that are encoded already. */
export function request(
  signal: Signal,
  encoding: Encoding,
  ...records: (Buffer | string)[]
): Buffer<ArrayBuffer> {
  if (encoding === 'protobuf') {
    return field(1, field(2, ...records.map((record) => field(2, record))))
  }
  const { open, close } = shapes[signal].json
  return Buffer.concat(
    [open, records.map(String).join(','), close].map((part) => Buffer.from(part)),
  )
}

import protobuf from 'protobufjs/minimal.js'
import type { AnyValue, Attributes } from './model.ts'
import { MAX_DEPTH, SpanRejection } from './rejection.ts'

export type Reader = InstanceType<typeof protobuf.Reader>

export const LENGTH_DELIMITED = 2
export const FIXED64 = 1

export function readerOf(bytes: Uint8Array): Reader {
  return protobuf.Reader.create(bytes)
}

/** A reader that leaves texts out: what can be read with it can be read in full, in a third of the time. */
export function scannerOf(bytes: Uint8Array): Reader {
  const reader = readerOf(bytes)
  reader.string = () => {
    reader.skipType(LENGTH_DELIMITED)
    return ''
  }
  return reader
}

/**
 * Walks the fields of a message that ends where the reader's current limit is. `onField` reads the field and
 * returns `true`, or returns `false` to have it skipped: unknown fields and known ones of an unexpected wire type.
 */
export function eachField(reader: Reader, onField: (field: number, wire: number) => boolean): void {
  while (reader.pos < reader.len) {
    const tag = reader.uint32()
    const field = tag >>> 3
    const wire = tag & 7
    if (onField(field, wire)) continue
    if (field === 0) throw new RangeError('a field has the number 0')
    reader.skipType(wire)
  }
}

/** Reads an embedded message: its fields cannot reach beyond its end. */
export function embedded<T>(reader: Reader, read: () => T): T {
  const length = reader.uint32()
  const end = reader.pos + length
  if (end > reader.len) throw new RangeError('a message is longer than what holds it')
  const outer = reader.len
  reader.len = end
  try {
    return read()
  } finally {
    reader.len = outer
    reader.pos = end
  }
}

export function fixed64(reader: Reader): bigint {
  const position = reader.pos
  if (position + 8 > reader.len) throw new RangeError('a time is cut off')
  reader.pos = position + 8
  const { buf } = reader
  return new DataView(buf.buffer, buf.byteOffset + position, 8).getBigUint64(0, true)
}

export function int64(reader: Reader): bigint {
  const value = reader.int64()
  if (typeof value === 'number') return BigInt(value)
  return (BigInt(value.high) << 32n) | BigInt(value.low >>> 0)
}

export function hex(reader: Reader): string {
  const bytes = reader.bytes()
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}

/** Reads one KeyValue into a Map; of a repeated key the last value counts. */
export function keyValue(reader: Reader, into: Map<string, AnyValue>, depth = 0): void {
  let key: string | undefined
  let value: AnyValue = null
  embedded(reader, () =>
    eachField(reader, (field, wire) => {
      if (wire !== LENGTH_DELIMITED) return false
      if (field === 1) key = reader.string()
      else if (field === 2) value = embedded(reader, () => anyValue(reader, depth))
      else return false
      return true
    }),
  )
  // A key of zero length is legal; one that is only a dictionary index (profiles) cannot be read.
  if (key !== undefined) into.set(key, value)
}

export function anyValue(reader: Reader, depth: number): AnyValue {
  if (depth > MAX_DEPTH) throw new SpanRejection(`a value is nested deeper than ${MAX_DEPTH}`)
  let value: AnyValue = null
  eachField(reader, (field, wire) => {
    if (field === 1 && wire === LENGTH_DELIMITED) value = reader.string()
    else if (field === 2 && wire === 0) value = reader.bool()
    else if (field === 3 && wire === 0) value = int64(reader)
    else if (field === 4 && wire === FIXED64) value = reader.double()
    else if (field === 5 && wire === LENGTH_DELIMITED) value = arrayValue(reader, depth)
    else if (field === 6 && wire === LENGTH_DELIMITED) value = kvlistValue(reader, depth)
    else if (field === 7 && wire === LENGTH_DELIMITED) value = Uint8Array.from(reader.bytes())
    else return false
    return true
  })
  return value
}

function arrayValue(reader: Reader, depth: number): AnyValue {
  const values: AnyValue[] = []
  embedded(reader, () =>
    eachField(reader, (field, wire) => {
      if (field !== 1 || wire !== LENGTH_DELIMITED) return false
      values.push(embedded(reader, () => anyValue(reader, depth + 1)))
      return true
    }),
  )
  return values
}

function kvlistValue(reader: Reader, depth: number): Attributes {
  const map = new Map<string, AnyValue>()
  embedded(reader, () =>
    eachField(reader, (field, wire) => {
      if (field !== 1 || wire !== LENGTH_DELIMITED) return false
      keyValue(reader, map, depth + 1)
      return true
    }),
  )
  return map
}

import protobuf from 'protobufjs/minimal.js'
import type { AnyValue, Attributes } from './records.ts'
import { MAX_DEPTH, SpanRejection } from './rejection.ts'

/** Wire type of fields with a length: texts, bytes and messages. */
export const LENGTH_DELIMITED = 2
export const FIXED64 = 1

const NAME_SLOTS = 4096
const LONGEST_NAME = 48
const NON_ASCII = 0x80

/** Names that came before, each in the slot that its bytes hash to. */
const names: string[] = new Array(NAME_SLOTS).fill('')

/** Reads the wire format; what it reads must lie within `len`, or it throws a `RangeError`. */
export class Reader extends protobuf.BufferReader {
  declare buf: Buffer

  /** A text that has probably come before, such as an attribute's key: it need not be made again. */
  name(): string {
    const start = this.pos
    const length = this.uint32()
    const from = this.pos
    const end = from + length
    if (length > LONGEST_NAME || end > this.len) return this.#read(start)
    const { buf } = this
    let hash = length
    for (let at = from; at < end; at++) {
      const byte = buf[at] ?? 0
      if (byte >= NON_ASCII) return this.#read(start)
      hash = (Math.imul(hash, 31) + byte) | 0
    }
    const slot = hash & (NAME_SLOTS - 1)
    const known = names[slot] ?? ''
    this.pos = end
    if (known.length === length && same(known, buf, from)) return known
    const made = buf.toString('latin1', from, end)
    names[slot] = made
    return made
  }

  #read(start: number): string {
    this.pos = start
    return this.string()
  }
}

function same(text: string, bytes: Buffer, from: number): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[from + i]) return false
  return true
}

/** Leaves texts out: what can be read with it can be read in full, in a third of the time. */
class Scanner extends Reader {
  override string(): string {
    this.skipType(LENGTH_DELIMITED)
    return ''
  }

  override name(): string {
    return this.string()
  }
}

/** Makes a reader of protobuf bytes. */
export function readerOf(bytes: Uint8Array): Reader {
  return new Reader(bufferOf(bytes))
}

export function scannerOf(bytes: Uint8Array): Reader {
  return new Scanner(bufferOf(bytes))
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
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

/**
 * Narrows the reader to an embedded message, as {@link embedded} does, for what every span has many of: {@link leave}
 * with the result widens it again. A failure in between gives up the whole record, whose own end is kept elsewhere.
 */
export function enter(reader: Reader): number {
  const length = reader.uint32()
  const end = reader.pos + length
  const outer = reader.len
  if (end > outer) throw new RangeError('a message is longer than what holds it')
  reader.len = end
  return outer
}

export function leave(reader: Reader, outer: number): void {
  reader.pos = reader.len
  reader.len = outer
}

const word = new DataView(new ArrayBuffer(8))

export function fixed64(reader: Reader): bigint {
  word.setUint32(0, reader.fixed32(), true)
  word.setUint32(4, reader.fixed32(), true)
  return word.getBigUint64(0, true)
}

/** Reads a 64-bit integer. */
export function int64(reader: Reader): bigint {
  const value = reader.int64()
  if (typeof value === 'number') return BigInt(value)
  return (BigInt(value.high) << 32n) | BigInt(value.low >>> 0)
}

export function hex(reader: Reader): string {
  const length = reader.uint32()
  const start = reader.pos
  const end = start + length
  if (end > reader.len) throw new RangeError('an id is cut off')
  reader.pos = end
  return reader.buf.toString('hex', start, end)
}

/** Reads one KeyValue into a Map; of a repeated key the last value counts. */
export function keyValue(reader: Reader, into: Map<string, AnyValue>, depth = 0): void {
  let key: string | undefined
  let value: AnyValue = null
  const outer = enter(reader)
  while (reader.pos < reader.len) {
    const tag = reader.uint32()
    if (tag === KEY) key = reader.name()
    else if (tag === VALUE) {
      const pair = enter(reader)
      value = anyValue(reader, depth)
      leave(reader, pair)
    } else reader.skipType(tag & 7)
  }
  leave(reader, outer)
  // A key of zero length is legal; one that is only a dictionary index (profiles) cannot be read.
  if (key !== undefined) into.set(key, value)
}

const KEY = (1 << 3) | LENGTH_DELIMITED
const VALUE = (2 << 3) | LENGTH_DELIMITED

/** Reads the AnyValue that ends where the reader's limit is. */
export function anyValue(reader: Reader, depth: number): AnyValue {
  if (depth > MAX_DEPTH) throw new SpanRejection(`a value is nested deeper than ${MAX_DEPTH}`)
  let value: AnyValue = null
  while (reader.pos < reader.len) {
    const tag = reader.uint32()
    switch (tag) {
      case (1 << 3) | LENGTH_DELIMITED:
        value = reader.string()
        break
      case 2 << 3:
        value = reader.bool()
        break
      case 3 << 3:
        value = int64(reader)
        break
      case (4 << 3) | FIXED64:
        value = reader.double()
        break
      case (5 << 3) | LENGTH_DELIMITED:
        value = arrayValue(reader, depth)
        break
      case (6 << 3) | LENGTH_DELIMITED:
        value = kvlistValue(reader, depth)
        break
      case (7 << 3) | LENGTH_DELIMITED:
        value = Uint8Array.from(reader.bytes())
        break
      default:
        reader.skipType(tag & 7)
    }
  }
  return value
}

function arrayValue(reader: Reader, depth: number): AnyValue {
  const values: AnyValue[] = []
  const outer = enter(reader)
  while (reader.pos < reader.len) {
    const tag = reader.uint32()
    if (tag === FIRST) {
      const item = enter(reader)
      values.push(anyValue(reader, depth + 1))
      leave(reader, item)
    } else reader.skipType(tag & 7)
  }
  leave(reader, outer)
  return values
}

function kvlistValue(reader: Reader, depth: number): Attributes {
  const map = new Map<string, AnyValue>()
  const outer = enter(reader)
  while (reader.pos < reader.len) {
    const tag = reader.uint32()
    if (tag === FIRST) keyValue(reader, map, depth + 1)
    else reader.skipType(tag & 7)
  }
  leave(reader, outer)
  return map
}

/** The list in an ArrayValue and in a KeyValueList. */
const FIRST = (1 << 3) | LENGTH_DELIMITED

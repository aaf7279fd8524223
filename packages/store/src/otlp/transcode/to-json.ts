import { Trace2Error } from '@trace2/core'
import {
  eachField,
  embedded,
  fixed64,
  hex,
  int64,
  LENGTH_DELIMITED,
  type Reader,
} from '../protobuf-reader.ts'
import {
  type Field,
  isMessage,
  MAX_MESSAGES,
  type MessageName,
  messages,
  type Scalar,
  wireTypes,
} from './schema.ts'
import type { Tally } from './tally.ts'

const fieldsByNumber = new Map(
  Object.entries(messages).map(([name, fields]) => [
    name,
    new Map(fields.map((field) => [field.number, field])),
  ]),
)

/**
 * A protobuf message as OTLP's JSON has it: every field that was sent, in the order sent. A field sent twice that is
 * no list is one, as protobuf has it: of two numbers or texts the last, of two messages both together.
 */
export function messageToJson(
  reader: Reader,
  message: MessageName,
  tally: Tally,
  depth = 0,
  into: Record<string, unknown> = {},
): Record<string, unknown> {
  tally.takeMessage()
  const fields = fieldsByNumber.get(message)
  eachField(reader, (number, wire) => {
    const field = fields?.get(number)
    if (!field || wire !== wireTypeOf(field)) {
      tally.lost++
      return false
    }
    readField(reader, field, tally, depth, into)
    return true
  })
  return into
}

function readField(
  reader: Reader,
  { name, type, repeated }: Field,
  tally: Tally,
  depth: number,
  into: Record<string, unknown>,
): void {
  const list = repeated ? listAt(into, name) : undefined
  if (!isMessage(type)) {
    const value = scalarOf(reader, type)
    if (list) list.push(value)
    else into[name] = value
    return
  }
  const known = into[name]
  const merged = !list && isRecord(known) ? known : {}
  embedded(reader, () => {
    if (depth >= MAX_MESSAGES) {
      tally.lost++
      return
    }
    try {
      messageToJson(reader, type, tally, depth + 1, merged)
      if (list) list.push(merged)
      else into[name] = merged
    } catch (error) {
      // Its length is known: what comes after it is not lost to it.
      if (error instanceof Trace2Error || !(error instanceof Error)) throw error
      tally.lost++
    }
  })
}

function scalarOf(reader: Reader, type: Scalar): unknown {
  switch (type) {
    case 'text':
      return reader.string()
    case 'bool':
      return reader.bool()
    case 'uint32':
      return reader.uint32()
    case 'enum':
      return reader.int32()
    case 'fixed32':
      return reader.fixed32()
    case 'fixed64':
      return String(fixed64(reader))
    case 'int64':
      return String(int64(reader))
    case 'double':
      return finite(reader.double())
    case 'bytes':
      return base64(reader.bytes())
    case 'id':
      return hex(reader)
  }
}

/** JSON has no numbers for the others; protobuf's JSON names them. */
function finite(value: number): number | string {
  if (Object.is(value, -0)) return '-0'
  return Number.isFinite(value) ? value : String(value)
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}

function wireTypeOf({ type }: Field): number {
  return isMessage(type) ? LENGTH_DELIMITED : wireTypes[type]
}

function listAt(into: Record<string, unknown>, name: string): unknown[] {
  const known = into[name]
  if (Array.isArray(known)) return known
  const list: unknown[] = []
  into[name] = list
  return list
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
